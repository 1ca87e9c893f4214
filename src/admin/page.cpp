#include "admin/page.hpp"

#include <utility>
#include <vector>

#include "naru/argument.hpp"
#include "naru/codec.hpp"

namespace naru::admin {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

// Vuetify writes its theme into a style element. The page may ask whatever server one types into it.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src *; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string server_script(std::string_view io_path, std::string_view nsp) {
  // The page's own field has it without the slash.
  if (io_path.ends_with('/')) io_path.remove_suffix(1);
  std::string json;
  std::vector<Bytes> none;
  ArgumentWriter out(json, none);
  out.begin_object();
  out.member("path", io_path);
  out.member("namespace", nsp);
  out.end_object();
  return "self.naru = " + json + ";\n";
}

}  // namespace

void serve_page(Server& server, std::string path, std::string_view io_path, std::string_view nsp) {
  if (!path.starts_with('/')) path.insert(path.begin(), '/');
  if (!path.ends_with('/')) path += '/';
  server.assets(path, page_files(),
                {{"Content-Security-Policy", kPolicy}, {"Referrer-Policy", "no-referrer"}});
  server.get(path + "server.js", [script = server_script(io_path, nsp)](Request, Response response) {
    response.header("Cache-Control", "no-cache").send(Bytes::copy(script), "text/javascript; charset=utf-8");
  });
  const std::string bare = path.substr(0, path.size() - 1);
  if (bare.empty()) return;
  server.get(bare, [path](Request, Response response) { response.redirect(path, 308); });
}

}  // namespace naru::admin
