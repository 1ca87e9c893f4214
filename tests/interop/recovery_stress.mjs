// Connections are cut at random while 5,000 numbered events go to rooms: whoever comes back as who it was has had
// each of them once, in order.
import assert from "node:assert/strict";
import { suite, until, pause } from "./support/suite.mjs";
import { Cuttable } from "./support/cuttable.mjs";
import { ask, connectClient, kPolling, kWebSocket } from "./support/client.mjs";

const test = suite("recovery stress", { profile: "recovery" });
const kNumbers = 5000;
const kBatch = 25;
const kRooms = ["red", "green", "blue"];

// An official client in one room, which notes the numbers that it hears.
class Player {
  static async enter(context, room, transports) {
    const player = new Player();
    player.way = await Cuttable.to(context.server);
    context.after(() => player.way.close());
    player.numbers = [];
    player.lives = 0;
    player.fresh = 0;
    const socket = await connectClient({ ...context, server: player.way }, { reconnection: true, reconnectionDelay: 5, reconnectionDelayMax: 20, transports });
    socket.on("number", (value) => player.numbers.push(value));
    socket.on("connect", () => {
      player.lives++;
      if (!socket.recovered) player.fresh++;
    });
    // The client keeps what it hears while it is not connected, and would hear it again when it is sent once
    // more: its own fault, not what is tested here.
    socket.io.on("reconnect_attempt", () => (socket.receiveBuffer = []));
    await ask(socket, "join", [room]);
    return Object.assign(player, { socket });
  }

  async cut() {
    switch (Math.floor(Math.random() * 4)) {
      case 0:
        return this.socket.io.engine.close();
      case 1:
        return this.way.freeze();
      case 2:
        this.way.deafen();
        await pause(5);
        return this.way.freeze();
      default:
        for (const { near } of this.way.pairs) near.resetAndDestroy();
    }
  }
}

test.naruOnly(`${kNumbers} numbers to rooms, everybody cut again and again`, async (context) => {
  const speaker = await connectClient(context, { transports: kWebSocket });
  // None that upgrades: cut in the middle of it, the official client waits until its ping time-out.
  const kinds = [kWebSocket, kPolling];
  const players = await Promise.all(Array.from({ length: 12 }, (_, i) => Player.enter(context, kRooms[i % 3], kinds[i % 2])));
  let isOver = false;
  const cutting = Promise.all(players.map(async (player) => {
    while (!isOver) {
      await pause(20 + Math.random() * 100);
      if (player.socket.connected && !isOver) await player.cut();
    }
  }));
  for (let from = 0; from < kNumbers; from += kBatch) {
    await Promise.all(kRooms.map((room) => ask(speaker, "count", room, from, from + kBatch)));
    await pause(5);
  }
  isOver = true;
  await cutting;
  const expected = Array.from({ length: kNumbers }, (_, i) => i);
  await until(() => players.every((player) => player.fresh || player.numbers.length >= kNumbers), "everything for everybody", 30_000).catch((error) => {
    const short = players.filter((player) => player.numbers.length !== kNumbers);
    error.message += ": " + short.map(({ numbers, fresh, lives, socket }) => `${numbers.length} numbers in ${lives} lives, ${fresh} of them new, ${socket.connected ? "connected" : "away"}, ${socket.io.engine.transport.name} ${socket.io.engine.readyState}`).join("; ");
    throw error;
  });
  const lives = players.reduce((sum, { lives }) => sum + lives, 0);
  assert.ok(lives > players.length * 5, `only ${lives} times was anybody cut`);
  assert.equal(players.reduce((sum, { fresh }) => sum + fresh, 0), 0, "nobody had to begin again");
  for (const player of players) assert.deepEqual(player.numbers, expected);
}, 90_000);

await test.run();
