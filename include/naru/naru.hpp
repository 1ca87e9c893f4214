// Everything but naru/json.hpp, which brings nlohmann's JSON with it.
#pragma once

#include "naru/broadcast.hpp"
#include "naru/channel.hpp"
#include "naru/cookie_signer.hpp"
#include "naru/engine.hpp"
#include "naru/http.hpp"
#include "naru/instrument.hpp"
#include "naru/log.hpp"
#include "naru/namespace.hpp"
#include "naru/offload.hpp"
#include "naru/options.hpp"
#include "naru/parser.hpp"
#include "naru/pattern.hpp"
#include "naru/server.hpp"
#include "naru/socket.hpp"
#include "naru/task.hpp"
#include "naru/websocket.hpp"
