#include "store/errc.hpp"

namespace naru::store {
namespace {

class Category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "naru.store"; }
  std::string message(int code) const override {
    switch (static_cast<errc>(code)) {
      case errc::busy:
        return "too many messages are waiting to be stored; try again soon";
      case errc::closed:
        return "the store is stopping";
      case errc::bad_name:
        return "a log name must have 1 to 256 bytes and no NUL";
      case errc::bad_message:
        return "the message or its key is too large";
      case errc::no_store:
        return "this log is to be durable, but there is no store; give the server a data directory";
      case errc::too_many_logs:
        return "there are too many logs in memory";
      case errc::out_of_order:
        return "an earlier message of this log was not stored";
      case errc::removed:
        return "the log was deleted";
      case errc::disk_full:
        return "the disk is full; the message was not stored";
      case errc::disk:
        return "the disk refused; the message was not stored";
      case errc::corrupt:
        return "the store's file is damaged or is not a naru store";
      case errc::wrong_schema:
        return "the store's file was written by a newer version of naru";
      case errc::locked:
        return "another process is using the store's file";
    }
    return "unknown store error";
  }
  std::error_condition default_error_condition(int code) const noexcept override {
    switch (static_cast<errc>(code)) {
      case errc::busy:
      case errc::too_many_logs:
        return std::errc::resource_unavailable_try_again;
      case errc::disk_full:
        return std::errc::no_space_on_device;
      case errc::disk:
      case errc::corrupt:
        return std::errc::io_error;
      case errc::bad_name:
      case errc::bad_message:
        return std::errc::invalid_argument;
      default:
        return {code, *this};
    }
  }
};

}  // namespace

const std::error_category& store_category() noexcept {
  static const Category category;
  return category;
}

}  // namespace naru::store
