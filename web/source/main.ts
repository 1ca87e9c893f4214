// The page: who one is, the connection and its badge, and which room the address names (#ROOM_ID).
import { Connection, type Line } from "./connection";
import { nicknameFields, openDialog } from "./dialogs";
import { avatar, find, make } from "./dom";
import { announceLanguage, onLanguage, switchLanguage } from "./language";
import { LobbyView } from "./lobby_view";
import type { Person } from "./protocol";
import { RoomView } from "./room_view";
import { Session } from "./session";
import { say, sayFailure } from "./texts";
import { followTheme } from "./theme";

const session = new Session();
const connection = new Connection();
const lobby = new LobbyView(connection.lobby);
const room = new RoomView(connection, session, (id) => lobby.room(id));

function drawLine(line: Line): void {
  for (const badge of document.querySelectorAll<HTMLElement>(".badge")) {
    badge.dataset["line"] = line;
    find("span", badge).textContent = say(`line_${line}`);
  }
}

function drawMe(): void {
  const button = find("#me");
  button.replaceChildren(avatar(session.me, "small"), make("b", { text: session.me.nickname }));
  button.setAttribute("aria-label", say("me_label", { name: session.me.nickname }));
}

function rename(): void {
  openDialog({
    title: say("nickname_title"), fields: nicknameFields(session.me.nickname), agree: "save",
    act: async ({ nickname = "" }) => {
      const failure = await session.rename(nickname.trim());
      return failure && sayFailure(failure.error);
    },
  });
}

function route(): void {
  const id = location.hash.slice(1);
  document.body.toggleAttribute("data-room", Boolean(id));
  find("#shore").hidden = Boolean(id);
  lobby.mark(id || null);
  if (id) room.open(id);
  else room.close();
}

connection.onLine = drawLine;
session.onChange(drawMe);
onLanguage(() => (drawLine(connection.line()), drawMe()));
find("#language").addEventListener("click", switchLanguage);
find("#me").addEventListener("click", rename);
followTheme(find("#theme"));
announceLanguage();
addEventListener("hashchange", route);

connection.lobby.on("me", (me: Person) => session.take(me));
connection.lobby.on("connect_error", () => {
  if (!connection.lobby.active) void session.load().then(() => (connection.renew(), connection.lobby.connect()));
});

void session.load().then(() => {
  connection.lobby.connect();
  route();
});
