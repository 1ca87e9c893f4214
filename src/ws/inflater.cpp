#include "ws/inflater.hpp"

#include <algorithm>
#include <utility>

namespace naru::ws {
namespace {

// zlib clients that agreed on 8 bits use 9 (deflate_stream.cpp says why that does no harm to others).
std::size_t window_size(const DeflateParameters& agreed) noexcept {
  if (agreed.client_no_context_takeover) return 0;
  return std::size_t{1} << std::max(agreed.client_max_window_bits, 9);
}

std::ptrdiff_t heap_bytes(const std::string& text) noexcept {
  static const std::size_t inside = std::string().capacity();
  return text.capacity() > inside ? static_cast<std::ptrdiff_t>(text.capacity()) : 0;
}

}  // namespace

Inflater::Inflater(CompressionSpace& space, const DeflateParameters& agreed) noexcept
    : space_(space), window_(window_size(agreed)) {}

Inflater::~Inflater() {
  abandon();
  space_.host().count(-heap_bytes(history_));
}

InflateStatus Inflater::feed(std::string_view piece, std::string& text, std::size_t limit) {
  return stream().feed(piece, text, limit);
}

InflateStatus Inflater::finish(std::string& text, std::size_t limit) {
  const InflateStatus status = stream().finish(text, limit);
  if (status != InflateStatus::ok) return status;
  abandon();
  if (window_ > 0) remember(text);
  return status;
}

void Inflater::abandon() noexcept {
  if (stream_ != nullptr) space_.give_back(std::move(stream_));
}

InflateStream& Inflater::stream() {
  if (stream_ == nullptr) {
    stream_ = space_.borrow_inflater();
    stream_->restart(history_);
  }
  return *stream_;
}

void Inflater::remember(std::string_view message) {
  message.remove_prefix(message.size() - std::min(message.size(), window_));
  const std::size_t old = std::min(history_.size(), window_ - message.size());
  history_.erase(0, history_.size() - old);
  make_room(old + message.size());
  history_.append(message);
}

// A string by itself would grow to twice the window.
void Inflater::make_room(std::size_t size) {
  if (size <= history_.capacity()) return;
  std::string larger;
  larger.reserve(std::min(window_, std::max(size, 2 * history_.capacity())));
  larger += history_;
  space_.host().count(heap_bytes(larger) - heap_bytes(history_));
  history_ = std::move(larger);
}

}  // namespace naru::ws
