// The channel clients: what pages and tests take from here.
export { ChannelClient, type ClientEvents, type ClientOptions } from "./client";
export { Network, type Openers } from "./network";
export { kTransports, type Message, type Notice, type State, type TransportName } from "./protocol";
export { Traffic } from "./traffic";
