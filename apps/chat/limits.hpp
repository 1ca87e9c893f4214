// What one person, one room and one server may have; docs/protocol/chat.md, section 6. Each bounds memory,
// disk or somebody's patience.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace chat {

// Counted in code points.
inline constexpr std::size_t kMaxTitle = 60;
inline constexpr std::size_t kMaxText = 2000;
inline constexpr std::size_t kMaxNickname = 24;
inline constexpr std::size_t kMaxPreview = 80;  // of the last line, in the list of rooms

inline constexpr std::size_t kMaxPassword = 72;  // bytes; what a slow hash takes in
inline constexpr int kMinCapacity = 2;
inline constexpr int kMaxCapacity = 500;
inline constexpr int kDefaultCapacity = 50;

inline constexpr std::size_t kMaxRooms = 1000;       // the whole list goes to everybody in the lobby
inline constexpr std::size_t kMaxRoomsOfOwner = 20;  // so that one person cannot use them up
inline constexpr std::size_t kMaxRoomsEntered = 10;  // by one person at a time
inline constexpr std::size_t kMaxTabs = 10;          // of one person in one room
inline constexpr std::size_t kMaxRemoved = 1000;  // persons removed from one room; the oldest may come back
inline constexpr std::size_t kMaxAdmitted =
    10'000;  // who gave a room's password; the oldest must give it again
inline constexpr std::size_t kMaxKnownPeople =
    100'000;  // nicknames kept; the oldest fall back to the first one

inline constexpr std::size_t kHistoryOfRoom = 10'000;  // messages
inline constexpr std::size_t kMaxPage = 100;           // messages of one answer
inline constexpr std::size_t kDefaultPage = 50;
// How far back a repeated text is looked for, to answer with its first time. Retries come soon or never.
inline constexpr std::size_t kRepeatSearch = 200;

inline constexpr std::uint64_t kMaxPicture = std::uint64_t{5} * 1024 * 1024;
inline constexpr std::uint64_t kPictureQuota = std::uint64_t{50} * 1024 * 1024;        // of one session
inline constexpr std::uint64_t kAllPictures = std::uint64_t{10} * 1024 * 1024 * 1024;  // of this server
inline constexpr std::size_t kMaxPictures = 100'000;                                   // names kept in memory

// A person who is back so soon gets neither `leave` nor `join`: a reload, a lost connection.
inline constexpr std::chrono::seconds kGrace{5};

}  // namespace chat
