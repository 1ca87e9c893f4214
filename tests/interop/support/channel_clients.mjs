// The pages' channel clients (web/source/channel) in Node, with npm's eventsource, ws and socket.io-client.
import { EventSource } from "eventsource";
import { io } from "socket.io-client";
import { WebSocket } from "ws";
import { source } from "../../browser/support/bundle.mjs";

export const { ChannelClient, Network, kTransports } = await source("channel/index");

export function networkTo(server) {
  return new Network(server.url, { fetch, EventSource, WebSocket, io });
}

// Everything that has come by, and what is asked of it.
export class Reader {
  constructor(network, channel, transport, { onMessage, onState, ...options } = {}) {
    this.messages = [];
    this.notices = [];
    this.client = new ChannelClient(network, {
      path: `/channels/${encodeURIComponent(channel)}`, channel, pollEvery: 20, wait: 10, retryFirst: 20, retryMost: 200, ...options,
    }, transport, {
      onMessage: (message) => (this.messages.push(message), onMessage?.(message)),
      onNotice: (notice) => this.notices.push(notice),
      onState,
    });
  }
}
