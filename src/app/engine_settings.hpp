// An engine's options, checked, as its door reads them.
#pragma once

#include <string>

#include "naru/options.hpp"
#include "serve/application.hpp"

namespace naru::app {

// "/engine.io", whatever slashes the option has around it.
std::string without_slash(std::string path);

// Throws std::system_error with a sentence for an origin that is none.
serve::CorsSettings cors_of(const CorsOptions& options);

// Throw std::system_error or std::logic_error with a sentence for options that cannot be; what is
// not said there the server's options say.
serve::EngineSettings settings_of(const EngineOptions& options, const ServerOptions& server);
serve::EngineSettings settings_of(const IoOptions& options, const ServerOptions& server);

}  // namespace naru::app
