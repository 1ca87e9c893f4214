// A socket's part in connection state recovery: what is kept of it, how its events go out with a position,
// and how a CONNECT that names a pid finds its session.
//
// Everything here is for namespaces that have an adapter::Recovery.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapter/recovery.hpp"
#include "naru/data_type.hpp"
#include "naru/emission.hpp"
#include "naru/raw_json.hpp"
#include "naru/value.hpp"
#include "naru/verdict.hpp"

namespace naru::app {

class Client;
class NamespaceCore;
struct SocketRecord;

// What a socket of such a namespace has beside the rest. On its loop.
struct RecoveryState {
  std::string pid;
  std::unique_ptr<adapter::Restored> restored = {};  // until it has been let in
  std::optional<RawJson> data = {};                  // from before, until data<T>() reads it
};

// What goes into the log: an event without acknowledgement.
adapter::Event logged_event(NamespaceCore& nsp, Emission emission, EmitFlags flags);
// To one socket: also to one whose connection was lost and that may come back.
SendStatus emit_logged(SocketRecord& record, Emission emission, EmitFlags flags);

// Adds the recovered socket to its namespace, with the rooms that it was in and the events that it has
// missed. False: some of them have gone meanwhile.
[[nodiscard]] bool resume(SocketRecord& record);

// What a recovered socket had kept, when data<T>() first asks for it.
void bring_back_data(SocketRecord& record, const detail::DataType& type);

// A socket goes: before it leaves its rooms, and after. Without a session it is forgotten.
std::optional<adapter::Session> session_to_keep(SocketRecord& record, std::string_view reason);
void part_with(SocketRecord& record, std::optional<adapter::Session> session);
// It goes before it was let in: what was found for it waits on, unless a gate has refused it.
void part_before_entry(SocketRecord& record, std::string_view reason);

// A CONNECT that asks for what was before. The client forgets it when it ends first.
struct Return {
  Client* client;
  std::shared_ptr<NamespaceCore> nsp;  // entered
  Value auth;
  Verdict verdict;  // of whoever made the namespace
};
// Whether this CONNECT names a pid; then Client::come_back() is called, at once or later.
bool seek_session(const std::shared_ptr<Return>& wish);

}  // namespace naru::app
