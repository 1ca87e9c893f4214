#include "app/directory_route.hpp"

#include <string>
#include <utility>

#include "app/doors.hpp"
#include "app/http_records.hpp"
#include "http/static_files.hpp"
#include "naru/offload.hpp"

namespace naru::app {
namespace {

Task<> answer(const Doors& doors, std::filesystem::path folder, Request request, Response response) {
  std::string file(request.param("file"));
  if (file.empty() || file.back() == '/') file += "index.html";
  auto read = [&] { return http::answer_from_folder(folder, file, request.record().request.head); };
  http::StaticAnswer found = co_await offload(read);
  doors.add_asset_headers(found.head);
  respond(response.record(), std::move(found.head), std::move(found.body));
}

}  // namespace

void add_directory(Doors& doors, std::string_view prefix, std::filesystem::path folder) {
  std::string pattern(prefix);
  if (pattern.empty() || pattern.back() != '/') pattern += '/';
  pattern += "*file";
  auto handler = [&doors, folder = std::move(folder)](Request request, Response response) {
    return answer(doors, folder, std::move(request), std::move(response));
  };
  doors.add_route("GET", pattern, {}, make_route_handler(std::move(handler)));
}

}  // namespace naru::app
