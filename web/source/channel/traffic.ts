// What following costs, counted where a page can count it. Payload is the message objects' own bytes. Everything
// else is overhead, and partly an estimate, because browsers do not show it:
//   request heads   the target, what we set ourselves, and the fields that a browser adds (Network.fieldBytes)
//   response heads  exact for fetch; for EventSource and WebSocket what naru sends there (the constants below)
//   framing         exact for SSE, WebSocket and Socket.IO; NDJSON is counted as one chunk for each message
// TCP, TLS and HTTP/2's compression of heads are not in it.
export const kStatusLine = "HTTP/1.1 200 OK\r\n\r\n".length;
export const kEventStreamHead = 230;
export const kUpgradeHead = 130;
export const kUpgradeFields = 190;

const encoder = new TextEncoder();
export const byteLength = (text: string): number => encoder.encode(text).length;

export class Traffic {
  messages = 0;
  requests = 0;
  opened = 0; // connections or requests that were held open for messages
  held = 0; // of them now
  overheadIn = 0;
  overheadOut = 0;
  payloadIn = 0;

  request(method: string, target: string, fieldBytes: number): void {
    this.requests++;
    this.overheadOut += method.length + target.length + " HTTP/1.1\r\n\r\n".length + 1 + fieldBytes;
  }

  answer(response: Response): void {
    this.overheadIn += kStatusLine;
    response.headers.forEach((value, name) => (this.overheadIn += name.length + value.length + ": \r\n".length));
  }

  hold(): () => void {
    this.opened++;
    this.held++;
    let isHeld = true;
    return () => {
      if (isHeld) this.held--;
      isHeld = false;
    };
  }

  frame(bytes: number, isMasked: boolean): number {
    return (bytes < 126 ? 2 : bytes < 65_536 ? 4 : 10) + (isMasked ? 4 : 0);
  }
}
