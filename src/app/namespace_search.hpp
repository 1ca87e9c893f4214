// A client has asked for a namespace that is not there: the parents are asked in order whether they make it,
// at once or later.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "app/io_core.hpp"
#include "naru/task.hpp"
#include "naru/value.hpp"
#include "naru/verdict.hpp"

namespace naru::app {

class Client;

class NamespaceSearch : public std::enable_shared_from_this<NamespaceSearch> {
 public:
  NamespaceSearch(Client& client, IoCore& io, std::string_view name, Value auth);

  const std::string& name() const noexcept { return name_; }
  const Value& auth() const noexcept { return auth_; }

  // Ends in Client::found() or Client::not_found(), unless the client goes first. On its loop.
  void walk();
  // The client has gone: it is not called any more.
  void abandon();

 private:
  void ask(const IoCore::Parent& parent);
  void answer(Verdict verdict);
  void take(Verdict verdict);
  void enter(std::shared_ptr<NamespaceCore> core);
  // On the client's loop: at once when this is it.
  void there(Function<void()> work);

  Client* client_;  // null once it has gone
  const std::shared_ptr<const hub::LoopGroup> loops_;
  const hub::LoopIndex home_;
  const std::shared_ptr<const IoCore::Parents> parents_;
  const std::string name_;
  const Value auth_;
  const std::shared_ptr<CancelScope> scope_ = std::make_shared<CancelScope>();
  std::size_t next_ = 0;
  Verdict verdict_ = Verdict::allowed();  // who it is and until when: the answer that has allowed it
  bool is_free_to_go_ = true;
  bool is_walking_ = false;
};

}  // namespace naru::app
