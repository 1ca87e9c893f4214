// What the chat says, in Korean and English.
import { currentLanguage, fillIn, onLanguage, sayer } from "./language";

const kTexts = {
  brand: ["나루", "naru"],
  motto: ["모든 배가 닿는 나루터", "where every boat lands"],
  rooms: ["나루터", "Landings"],
  room_list: ["방 목록", "List of rooms"],
  create: ["방 만들기", "New room"],
  create_title: ["새 배를 띄웁니다", "Launch a new boat"],
  no_rooms: ["아직 떠 있는 배가 없어요.\n첫 배를 띄워 보세요.", "No boats on the river yet.\nLaunch the first one."],
  shore_title: ["어느 배를 탈까요?", "Which boat will you take?"],
  shore_text: ["왼쪽에서 방을 고르거나, 새 방을 만들어 사람들을 불러 보세요.", "Choose a room from the list, or make one and call people over."],
  title: ["방 이름", "Title"],
  capacity: ["최대 인원", "Seats"],
  password: ["비밀번호", "Password"],
  password_optional: ["비밀번호 (선택)", "Password (optional)"],
  nickname: ["별명", "Nickname"],
  nickname_title: ["어떻게 불러 드릴까요?", "What shall we call you?"],
  me_label: ["내 별명 바꾸기: {name}", "Change my nickname: {name}"],
  save: ["저장", "Save"],
  launch: ["띄우기", "Launch"],
  cancel: ["취소", "Cancel"],
  close: ["닫기", "Close"],
  enter: ["들어가기", "Come in"],
  again: ["다시 시도", "Try again"],
  back: ["목록으로", "Back to the list"],
  people: ["함께 있는 사람", "On board"],
  people_toggle: ["함께 있는 사람 {count}명 보기", "Show the {count} people here"],
  you: ["나", "you"],
  owner: ["사공", "ferryman"],
  locked: ["잠긴 방", "locked"],
  seats: ["{count}/{capacity}명", "{count}/{capacity}"],
  whisper: ["귓속말", "Whisper"],
  whisper_to: ["{name}님에게 귓속말", "Whisper to {name}"],
  whispered_to: ["{name}님에게 귓속말함", "whispered to {name}"],
  whispered: ["귓속말", "whispered to you"],
  remove: ["내보내기", "Remove"],
  remove_sure: ["{name}님을 내보낼까요? 이 방에 다시 들어올 수 없게 됩니다.", "Remove {name}? They will not be able to come back to this room."],
  delete: ["방 없애기", "Delete room"],
  delete_sure: ["“{title}” 방을 없앨까요? 대화와 사진이 모두 지워집니다.", "Delete “{title}”? Its messages and pictures go with it."],
  write: ["메시지 쓰기", "Write a message"],
  send: ["보내기", "Send"],
  picture: ["사진 보내기", "Send a picture"],
  picture_by: ["{name}님의 사진", "Picture from {name}"],
  drop_here: ["여기에 사진을 놓으세요", "Drop the picture here"],
  log: ["대화", "Conversation"],
  newer: ["새 메시지", "New messages"],
  beginning: ["여기서 시작했어요", "This is where it began"],
  typing_one: ["{name}님이 쓰고 있어요", "{name} is writing"],
  typing_two: ["{name}, {other}님이 쓰고 있어요", "{name} and {other} are writing"],
  typing_many: ["여러 사람이 쓰고 있어요", "Several people are writing"],
  system_create: ["{name}님이 배를 띄웠어요", "{name} launched this boat"],
  system_join: ["{name}님이 배에 올랐어요", "{name} came aboard"],
  system_leave: ["{name}님이 배에서 내렸어요", "{name} went ashore"],
  system_rename: ["{was}님이 이제 {name}님이에요", "{was} is now {name}"],
  system_remove: ["{name}님이 {who}님을 내보냈어요", "{name} removed {who}"],
  sent_waiting: ["기다리는 중", "waiting"],
  sent_sending: ["보내는 중", "sending"],
  sent_failed: ["보내지 못함", "not sent"],
  retry: ["다시 보내기", "Send again"],
  discard: ["지우기", "Discard"],
  quiet: ["아직 조용해요", "quiet so far"],
  behind_door: ["비밀번호가 있어야 들어가요", "asks for a password"],
  last_picture: ["사진", "a picture"],
  entering: ["배에 오르는 중…", "Coming aboard…"],
  away: ["연결이 끊겨 다시 잇고 있어요. 쓴 글은 이어지면 보내요.", "The line is down. What you write is sent when it is back."],
  line_websocket: ["웹소켓", "WebSocket"],
  line_polling: ["폴링", "Polling"],
  line_connecting: ["연결 중", "Connecting"],
  line_reconnecting: ["다시 잇는 중", "Reconnecting"],
  line_offline: ["오프라인", "Offline"],
  line_label: ["연결 상태", "Connection"],
  language: ["English", "한국어"],
  language_label: ["영어로 보기", "한국어로 보기"],
  theme: ["밝기 바꾸기", "Light or dark"],
  gone_removed: ["이 방에서 내보내졌어요.", "You were removed from this room."],
  gone_deleted: ["이 방은 없어졌어요.", "This room was deleted."],
  now: ["방금", "now"],
  failed: ["잘되지 않았어요 ({code})", "That did not work ({code})"],
  error_no_room: ["그런 방이 없어요.", "There is no such room."],
  error_password_needed: ["잠긴 방이에요. 비밀번호를 넣어 주세요.", "This room is locked. What is the password?"],
  error_wrong_password: ["비밀번호가 달라요.", "That is not the password."],
  error_full: ["자리가 다 찼어요.", "Every seat is taken."],
  error_removed: ["이 방에는 다시 들어올 수 없어요.", "You cannot come back to this room."],
  error_slow_down: ["조금 천천히 해 주세요.", "A little slower, please."],
  error_too_many_rooms: ["방이 너무 많아요.", "There are too many rooms."],
  error_too_large: ["사진은 5 MB까지 보낼 수 있어요.", "Pictures may have up to 5 MB."],
  error_not_a_picture: ["GIF, PNG, JPEG, WebP 사진만 보낼 수 있어요.", "Only GIF, PNG, JPEG and WebP pictures can be sent."],
  error_quota: ["사진을 더 보낼 수 없어요.", "You have sent as many pictures as can be kept."],
  error_not_here: ["그 사람은 지금 여기 없어요.", "That person is not here now."],
  error_too_long: ["글이 너무 길어요.", "That is too long."],
  error_bad_request: ["쓸 수 없는 내용이에요.", "That cannot be used."],
  error_no_line: ["연결되어 있지 않아요.", "There is no connection."],
} as const;

export type TextKey = keyof typeof kTexts;
export const say = sayer(kTexts);

export function sayFailure(code: string): string {
  const key = `error_${code}`;
  return key in kTexts ? say(key as TextKey) : say("failed", { code });
}

onLanguage(() => fillIn(say));

export function clock(time: number): string {
  return new Intl.DateTimeFormat(currentLanguage(), { hour: "numeric", minute: "2-digit" }).format(time);
}

export function day(time: number): string {
  return new Intl.DateTimeFormat(currentLanguage(), { year: "numeric", month: "long", day: "numeric", weekday: "long" }).format(time);
}

// How long ago, short: now, 5 min, 3 h, else the day.
export function ago(time: number, now = Date.now()): string {
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 1) return say("now");
  const unit = (value: number, name: "minute" | "hour") =>
    new Intl.NumberFormat(currentLanguage(), { style: "unit", unit: name, unitDisplay: currentLanguage() === "ko" ? "long" : "narrow" }).format(value);
  if (minutes < 60) return unit(minutes, "minute");
  if (minutes < 24 * 60) return unit(Math.floor(minutes / 60), "hour");
  return new Intl.DateTimeFormat(currentLanguage(), { month: "short", day: "numeric" }).format(time);
}
