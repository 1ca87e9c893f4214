// People in a chat room, and what the tests ask of them.
import assert from "node:assert/strict";
import { until } from "./suite.mjs";
import { ChatServer, Person } from "./chat_server.mjs";
import { freshId } from "./pictures.mjs";

export const chat = await ChatServer.start();
process.on("exit", () => chat.discard());

// As many people as names; one without a name of his own when none is given.
export async function people(context, ...names) {
  const all = await Promise.all((names.length ? names : [undefined]).map((name) => Person.arrive(chat, name)));
  context.after(() => all.forEach((person) => person.leave()));
  return all;
}

export const ask = (socket, name, value) => socket.timeout(5000).emitWithAck(name, value);
export const say = (socket, text, id = freshId()) => ask(socket, "message", { id, text });
export const of = (socket, name) => socket.events.filter(([one]) => one === name).map(([, value]) => value);
export const heard = (socket, name, fits = () => true) => until(() => of(socket, name).some(fits), `the event ${name}`, 10_000);
export const refused = async (person, namespace, auth, options) => {
  const error = await person.open(namespace, auth, options).then(() => assert.fail("was not refused"), (problem) => problem);
  assert.equal(error.data?.error, error.message);
  return error.message;
};

// An owner and a guest, each with a socket (a, b) in a new room.
export async function crew(context, title = "Crew") {
  const [owner, guest] = await people(context, "Owner", "Guest");
  const room = await owner.makeRoom(title);
  const a = await owner.enter(room.id);
  const b = await guest.enter(room.id);
  return { owner, guest, room, a, b };
}

// Uploads a picture by HTTP.
export const post = (person, room, body, { id = freshId(), query = "", headers = {} } = {}) =>
  person.fetch(`/api/rooms/${room.id}/pictures?id=${id}${query}`, { method: "POST", body, headers });
