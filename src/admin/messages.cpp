#include "admin/messages.hpp"

#include <utility>

#include "base/json_date.hpp"

namespace naru {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

// As Node joins header fields of one name.
void write_headers(ArgumentWriter& out, const Fields& fields) {
  std::map<std::string, std::string> joined;
  for (const auto& [name, value] : fields) {
    std::string& all = joined[name];
    if (!all.empty()) all += name == "cookie" ? "; " : ", ";
    all += value;
  }
  out.member("headers", joined);
}

// As Node parses a query: a name that comes several times has a list.
void write_query(ArgumentWriter& out, const Fields& queries) {
  std::map<std::string, std::vector<std::string>> by_name;
  for (const auto& [name, value] : queries)
    by_name[name].push_back(value);
  out.key("query");
  out.begin_object();
  for (const auto& [name, values] : by_name) {
    values.size() == 1 ? out.member(name, values.front()) : out.member(name, values);
  }
  out.end_object();
}

// All but `auth`, which may hold secrets.
void write_handshake(ArgumentWriter& out, const Handshake& handshake) {
  const auto issued = std::chrono::floor<std::chrono::milliseconds>(handshake.issued().time_since_epoch());
  out.key("handshake");
  out.begin_object();
  out.member("address", handshake.address());
  write_headers(out, handshake.headers());
  write_query(out, handshake.queries());
  out.member("issued", std::int64_t{issued.count()});
  out.member("secure", handshake.secure());
  out.member("time", handshake.time());
  out.member("url", handshake.url());
  out.member("xdomain", handshake.cross_domain());
  out.end_object();
}

// What a socket keeps is shown as an object, in Node it always is one.
void write_data(ArgumentWriter& out, const Value& data) {
  if (!data.is_null()) return out.member("data", data);
  out.key("data");
  out.begin_object();
  out.end_object();
}

}  // namespace

void Codec<admin::Moment>::encode(ArgumentWriter& out, const admin::Moment& moment) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(moment.time.time_since_epoch());
  std::string date;
  base::append_json_date(date, since.count());
  out.raw({date, {}});
}

void Codec<admin::NamespaceSize>::encode(ArgumentWriter& out, const admin::NamespaceSize& size) {
  out.begin_object();
  out.member("name", size.name);
  out.member("socketsCount", size.sockets);
  out.end_object();
}

void Codec<admin::ServerStats>::encode(ArgumentWriter& out, const admin::ServerStats& stats) {
  out.begin_object();
  out.member("serverId", stats.server_id);
  out.member("hostname", stats.hostname);
  out.member("pid", stats.pid);
  out.member("uptime", stats.uptime);
  out.member("clientsCount", stats.clients);
  out.member("pollingClientsCount", stats.polling_clients);
  out.member("aggregatedEvents", stats.counts);
  out.member("namespaces", stats.namespaces);
  out.end_object();
}

void Codec<admin::Config>::encode(ArgumentWriter& out, const admin::Config& config) {
  out.begin_object();
  out.member("supportedFeatures", config.features);
  out.end_object();
}

void Codec<admin::SocketView>::encode(ArgumentWriter& out, const admin::SocketView& socket) {
  out.begin_object();
  out.member("id", socket.id);
  out.member("clientId", socket.client_id);
  out.member("transport", socket.transport);
  out.member("nsp", socket.nsp);
  write_data(out, socket.data);
  write_handshake(out, socket.handshake);
  out.member("rooms", socket.rooms);
  out.end_object();
}

void Codec<admin::SocketTransport>::encode(ArgumentWriter& out, const admin::SocketTransport& update) {
  out.begin_object();
  out.member("id", update.id);
  out.member("nsp", update.nsp);
  out.member("transport", update.transport);
  out.end_object();
}

void Codec<admin::SocketData>::encode(ArgumentWriter& out, const admin::SocketData& update) {
  out.begin_object();
  out.member("id", update.id);
  out.member("nsp", update.nsp);
  write_data(out, update.data);
  out.end_object();
}

void Codec<admin::EventArguments>::encode(ArgumentWriter& out, const admin::EventArguments& event) {
  out.begin_array();
  out.string(event.name);
  event.args.spread(out);
  out.end_array();
}

}  // namespace naru
