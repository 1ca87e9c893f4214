// rtload: single-threaded epoll load generator for real-time servers (WebSocket, Socket.IO v4,
// SSE, long poll, interval poll, chunked lines). Prints one JSON line. See README.md.
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using std::string;
using std::string_view;

// ---------------------------------------------------------------- clock, histogram, /proc
static uint64_t now_ns() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return uint64_t(t.tv_sec) * 1000000000ull + t.tv_nsec;
}

struct Hist {  // log-linear, 64 slots per power of two: under 2 % error
  std::vector<uint64_t> slot = std::vector<uint64_t>(64 * 64, 0);
  uint64_t n = 0, top = 0;
  static unsigned at(uint64_t v) {
    if (v < 64) return unsigned(v);
    unsigned e = 63 - __builtin_clzll(v);
    return (e - 5) * 64 + unsigned((v >> (e - 6)) & 63);
  }
  static uint64_t low(unsigned i) {
    if (i < 64) return i;
    unsigned e = i / 64 + 5;
    return (1ull << e) | (uint64_t(i & 63) << (e - 6));
  }
  void add(uint64_t v) {
    slot[at(v)]++;
    n++;
    top = std::max(top, v);
  }
  double us(double q) const {
    if (!n) return 0;
    uint64_t want = uint64_t(q * double(n)), seen = 0;
    for (unsigned i = 0; i < slot.size(); i++)
      if ((seen += slot[i]) > want) return double(low(i)) / 1e3;
    return double(top) / 1e3;
  }
};

static string slurp(const string& path) {
  string s;
  if (FILE* f = fopen(path.c_str(), "r")) {
    char b[4096];
    for (size_t n; (n = fread(b, 1, sizeof b, f)) > 0;)
      s.append(b, n);
    fclose(f);
  }
  return s;
}
static long field_kb(const string& text, const char* key) {
  size_t p = text.find(key);
  return p == string::npos ? 0 : atol(text.c_str() + p + strlen(key));
}
struct ProcTree {
  std::vector<int> pids;
  void scan(int root) {
    std::multimap<int, int> kids;
    if (DIR* d = opendir("/proc")) {
      while (dirent* e = readdir(d)) {
        int pid = atoi(e->d_name);
        if (pid <= 0) continue;
        string s = slurp("/proc/" + string(e->d_name) + "/stat");
        size_t p = s.rfind(')');
        char st;
        int pp;
        if (p != string::npos && sscanf(s.c_str() + p + 1, " %c %d", &st, &pp) == 2) kids.emplace(pp, pid);
      }
      closedir(d);
    }
    pids = {root};
    for (size_t i = 0; i < pids.size(); i++)
      for (auto [a, b] = kids.equal_range(pids[i]); a != b; ++a)
        pids.push_back(a->second);
  }
  double cpu_s() const {
    double t = 0;
    for (int pid : pids) {
      string s = slurp("/proc/" + std::to_string(pid) + "/stat");
      size_t p = s.rfind(')');
      unsigned long u = 0, k = 0;
      if (p != string::npos)
        sscanf(s.c_str() + p + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &u, &k);
      t += double(u + k) / double(sysconf(_SC_CLK_TCK));
    }
    return t;
  }
  void mem(long& rss_kb, long& pss_kb) const {
    rss_kb = pss_kb = 0;
    for (int pid : pids) {
      string s = slurp("/proc/" + std::to_string(pid) + "/smaps_rollup");
      rss_kb += field_kb(s, "Rss:");
      pss_kb += field_kb(s, "\nPss:");
    }
  }
};
static double self_cpu_s() {
  rusage r;
  getrusage(RUSAGE_SELF, &r);
  return double(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
         double(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}
static long tcp_mem_kb() {
  string s = slurp("/proc/net/sockstat");
  size_t p = s.find("TCP:");
  return p == string::npos ? 0 : field_kb(s.substr(p), "mem ") * (sysconf(_SC_PAGESIZE) / 1024);
}
static long slab_kb() {
  return field_kb(slurp("/proc/meminfo"), "Slab:");
}

// ---------------------------------------------------------------- options
enum Kind { WS, SIO, SIOPOLL, SSE, LONGPOLL, POLL, STREAM, POSTER };
enum Load { ECHO_, FANOUT, IDLE, STORM };
static const char* kind_name[] = {"ws", "sio", "sio-poll", "sse", "longpoll", "poll", "stream", "post"};
static const char* load_name[] = {"echo", "fanout", "idle", "storm"};

struct Options {
  Kind kind = WS;
  Load load = ECHO_;
  string host = "127.0.0.1", path = "/", ns, room = "room", pub = "ws:/pub", name, pub_host;
  int port = 0, pub_port = 0, conns = 100, payload = 64, depth = 1, window = 1, ramp = 64, pid = 0,
      interval_ms = 1000;
  double seconds = 5, warm = 1, rate = 0, hold = 3, setup = 30;
  bool join = true, binary = false, newline = false, msgpack = false;
  string sio_path = "/socket.io/";
  std::vector<string> headers;
} O;

static void usage() {
  fputs(
      "rtload --kind ws|sio|sio-poll|sse|longpoll|poll|stream --load echo|fanout|idle|storm --port P\n"
      "  [--host 127.0.0.1] [--path /p] [--conns N] [--payload BYTES] [--seconds S] [--warm S] [--ramp N]\n"
      "  echo:   [--depth N]  messages in flight per connection\n"
      "  fanout: [--pub ws:/path | post:/path | sio] [--pub-port P] [--pub-newline] [--window N | --rate "
      "MSG_PER_S]\n"
      "  sio:    [--sio-path /socket.io/] [--ns /name] [--room R] [--no-join] [--parser json|msgpack]\n"
      "  poll:   [--interval MS]   idle: [--hold S]   any: [--header 'A: b'] [--binary] [--server-pid PID] "
      "[--name LABEL]\n",
      stderr);
  exit(2);
}

// ---------------------------------------------------------------- state
enum Step { CONNECTING, HANDSHAKE, JOINING, READY, DEAD };
enum HttpStep { HEAD, LENGTH, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILER, UNTIL_CLOSE };

struct Conn {
  int fd = -1, id = 0;
  Kind kind = WS;
  Step step = CONNECTING;
  bool want_out = false, is_pub = false, busy = false, is_tx = false, doomed = false;
  uint64_t born = 0;
  string in, out, body, sid, path, etag, modified;
  HttpStep http = HEAD;
  int status = 0;
  uint64_t remain = 0;
  unsigned ack = 0;
  Conn* peer = nullptr;      // Socket.IO polling: the POST connection of a GET one, and back
  std::deque<string> queue;  // Socket.IO polling and POST publisher: bodies not yet sent
};

static int ep = -1;
static std::vector<std::unique_ptr<Conn>> conns;
static int n_ready = 0, n_open = 0, next_id = 0;
static Conn* publisher = nullptr;
static bool measuring = false, running = false, closing = false;
static uint64_t total = 0, published = 0, base_total = 0,
                base_pub = 0;  // since start, and at the window's start
static uint64_t errors = 0, err_connect = 0, err_close = 0, err_proto = 0, stalls = 0;
static uint64_t bytes_in = 0, msg_bytes = 0;
static Hist hist;
static std::deque<std::pair<uint64_t, Conn*>> due;  // interval poll
static std::map<string, int> why;
static std::vector<Conn*> doomed;

static void fail(Conn* c, uint64_t& bucket, const char* reason);
static void drop(Conn* c);
static void open_one(Conn* c);

static void flush(Conn* c) {
  while (!c->out.empty()) {
    ssize_t n = send(c->fd, c->out.data(), c->out.size(), MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EAGAIN) break;
      return fail(c, err_close, "send");
    }
    if (size_t(n) == c->out.size())
      c->out.clear();
    else
      c->out.erase(0, size_t(n));
  }
  bool want = !c->out.empty();
  if (want != c->want_out) {
    epoll_event e{};
    e.events = EPOLLIN | (want ? EPOLLOUT : 0u);
    e.data.ptr = c;
    epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
    c->want_out = want;
  }
}

// Payload: '@', 16 hex digits of the send time, padding.
static void make_payload(string& s, uint64_t t) {
  static const char* hex = "0123456789abcdef";
  s.assign(size_t(std::max(O.payload, 17)), 'x');
  s[0] = '@';
  for (int i = 0; i < 16; i++)
    s[size_t(16 - i)] = hex[(t >> (4 * i)) & 15];
}
static uint64_t clock_cache;  // one clock read per received buffer
static int deliver(const char* p, size_t n) {
  int got = 0;
  const char* end = p + n;
  while ((p = static_cast<const char*>(memchr(p, '@', size_t(end - p)))) && end - p >= 17) {
    uint64_t t = 0;
    int i = 1;
    for (; i <= 16; i++) {
      unsigned ch = static_cast<unsigned char>(p[i]);
      unsigned v = ch - '0' < 10 ? ch - '0' : ch - 'a' < 6 ? ch - 'a' + 10 : 16;
      if (v == 16) break;
      t = t << 4 | v;
    }
    if (i <= 16) {
      p++;
      continue;
    }
    got++;
    if (!clock_cache) clock_cache = now_ns();
    if (measuring) hist.add(clock_cache > t ? clock_cache - t : 0);
    p += 17;
  }
  total += uint64_t(got);
  return got;
}

// ---------------------------------------------------------------- WebSocket and Socket.IO framing
static void ws_frame(string& out, int op, string_view a, string_view b = {}) {
  static uint32_t key = 0x9e3779b9;
  size_t n = a.size() + b.size();
  key = key * 1664525 + 1013904223;
  char m[4];
  memcpy(m, &key, 4);
  out.push_back(char(0x80 | op));
  if (n < 126)
    out.push_back(char(0x80 | n));
  else if (n < 65536) {
    out.push_back(char(0xfe));
    out.push_back(char(n >> 8));
    out.push_back(char(n));
  } else {
    out.push_back(char(0xff));
    for (int i = 7; i >= 0; i--)
      out.push_back(char(uint64_t(n) >> (8 * i)));
  }
  out.append(m, 4);
  size_t at = out.size();
  out.append(a);
  out.append(b);
  char* d = out.data() + at;
  size_t i = 0;
  uint64_t k8;
  memcpy(&k8, m, 4);
  memcpy(reinterpret_cast<char*>(&k8) + 4, m, 4);
  for (; i + 8 <= n; i += 8) {
    uint64_t v;
    memcpy(&v, d + i, 8);
    v ^= k8;
    memcpy(d + i, &v, 8);
  }
  for (; i < n; i++)
    d[i] ^= m[i & 3];
}
static string ns_prefix() {
  return O.ns.empty() || O.ns == "/" ? string() : O.ns + ",";
}

static void http_get(Conn* c, const string& path) {
  c->http = HEAD;
  c->busy = true;
  c->out += "GET " + path + " HTTP/1.1\r\nHost: " + O.host + "\r\n";
  if (c->kind == SSE) c->out += "Accept: text/event-stream\r\n";
  if (!c->etag.empty()) c->out += "If-None-Match: " + c->etag + "\r\n";
  if (!c->modified.empty()) c->out += "If-Modified-Since: " + c->modified + "\r\n";
  for (auto& h : O.headers)
    c->out += h + "\r\n";
  c->out += "\r\n";
}
static void http_post(Conn* c, const string& path, const string& body) {
  c->http = HEAD;
  c->busy = true;
  c->out += "POST " + path + " HTTP/1.1\r\nHost: " + O.host +
            "\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: " + std::to_string(body.size()) +
            "\r\n";
  for (auto& h : O.headers)
    c->out += h + "\r\n";
  c->out += "\r\n" + body;
}
static void ws_upgrade(Conn* c, const string& path) {
  c->http = HEAD;
  c->out += "GET " + path + " HTTP/1.1\r\nHost: " + O.host +
            "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  for (auto& h : O.headers)
    c->out += h + "\r\n";
  c->out += "\r\n";
}
static string poll_url(Conn* c) {
  return O.sio_path + "?EIO=4&transport=polling" + (c->sid.empty() ? "" : "&sid=" + c->sid);
}

// Socket.IO polling: everything queued goes in one POST, one POST at a time.
static void post_queued(Conn* tx) {
  if (tx->step != READY || tx->busy || tx->queue.empty()) return;
  string body;
  for (auto& q : tx->queue) {
    if (!body.empty()) body.push_back('\x1e');
    body += q;
  }
  tx->queue.clear();
  http_post(tx, poll_url(tx->peer), body);
  flush(tx);
}
// One Engine.IO packet towards the server, over whichever transport the connection has.
static void sio_send(Conn* c, string_view packet) {
  if (c->kind == SIO) return ws_frame(c->out, 1, packet);
  c->peer->queue.emplace_back(packet);
  post_queued(c->peer);
}
// ---------------------------------------------------------------- Socket.IO packets as msgpack maps
static void pack_text(string& out, string_view text) {
  if (text.size() < 32)
    out.push_back(char(0xa0 | text.size()));
  else if (text.size() < 256) {
    out.push_back(char(0xd9));
    out.push_back(char(text.size()));
  } else {
    out.push_back(char(0xda));
    out.push_back(char(text.size() >> 8));
    out.push_back(char(text.size()));
  }
  out.append(text);
}
static void pack_number(string& out, unsigned n) {  // below 65536
  if (n > 127) {
    out.push_back(char(0xcd));
    out.push_back(char(n >> 8));
  }
  out.push_back(char(n));
}
// An EVENT with two strings, or with a name and {room, payload}; id < 0: no acknowledgement.
static string pack_event(string_view name, string_view value, int id, string_view room = {}) {
  string out;
  out.push_back(char(id < 0 ? 0x83 : 0x84));
  pack_text(out, "type");
  out.push_back(2);
  pack_text(out, "data");
  out.push_back(char(0x92));
  pack_text(out, name);
  if (!room.empty()) {
    out.push_back(char(0x82));
    pack_text(out, "room");
    pack_text(out, room);
    pack_text(out, "payload");
  }
  pack_text(out, value);
  pack_text(out, "nsp");
  pack_text(out, O.ns.empty() ? "/" : O.ns);
  if (id >= 0) {
    pack_text(out, "id");
    pack_number(out, unsigned(id));
  }
  return out;
}
static string pack_connect() {
  string out("\x82\xa4type", 6);
  out.push_back(0);
  pack_text(out, "nsp");
  pack_text(out, O.ns.empty() ? "/" : O.ns);
  return out;
}

static void send_echo(Conn* c) {
  static string p, m;
  make_payload(p, now_ns());
  if (c->kind == WS)
    ws_frame(c->out, O.binary ? 2 : 1, p);
  else if (O.msgpack)
    ws_frame(c->out, 2, pack_event("echo", p, int(c->ack++ % 1000 + 1)));
  else {
    m = "42" + ns_prefix() + std::to_string(c->ack++ % 1000 + 1) + "[\"echo\",\"" + p + "\"]";
    sio_send(c, m);
  }
}

static void doom(Conn* c) {  // storm: close and reopen after this turn of the loop
  if (c->doomed) return;
  c->doomed = true;
  doomed.push_back(c);
}
static void became_ready(Conn* c) {
  if (c->step == READY) return;
  c->step = READY;
  if (c->is_tx) return;
  if (c->is_pub) return;
  n_ready++;
  if (O.load == STORM && running) {
    uint64_t t = now_ns();
    if (measuring) hist.add(t - c->born);
    total++;
    doom(c);
  }
}

static void sio_packet(Conn* c, string_view p) {
  if (p.empty()) return;
  switch (p[0]) {
    case '0': {
      size_t a = p.find("\"sid\":\"");
      if (a != p.npos) c->sid = string(p.substr(a + 7, p.find('"', a + 7) - a - 7));
      if (O.msgpack)
        ws_frame(c->out, 2, pack_connect());
      else
        sio_send(c, "40" + ns_prefix());
      break;
    }
    case '1':
      fail(c, err_close, "engine close");
      break;
    case '2':
      sio_send(c, "3");
      break;
    case '4': {
      if (p.size() < 2) break;
      char type = p[1];
      string_view rest = p.substr(2);
      if (!rest.empty() && rest[0] == '/') rest.remove_prefix(std::min(rest.size(), rest.find(',') + 1));
      if (type == '0') {
        bool join = O.join && !c->is_pub && O.load == FANOUT;
        if (!join) return became_ready(c);
        c->step = JOINING;
        sio_send(c, "42" + ns_prefix() + "0[\"join\",\"" + O.room + "\"]");
      } else if (type == '3') {
        if (c->step == JOINING) return became_ready(c);
        if (deliver(rest.data(), rest.size()) && O.load == ECHO_ && running && !closing) send_echo(c);
      } else if (type == '2') {
        if (!c->is_pub) deliver(rest.data(), rest.size());
      } else if (type == '4')
        fail(c, err_proto, "connect error");
      else if (type == '1')
        fail(c, err_close, "namespace disconnect");
    }
  }
}
static void sio_msgpack(Conn* c, string_view p) {
  size_t at = p.find("\xa4type");
  if (at == p.npos || at + 5 >= p.size()) return fail(c, err_proto, "no packet");
  switch (p[at + 5]) {
    case 0:
      if (!O.join || c->is_pub || O.load != FANOUT) return became_ready(c);
      c->step = JOINING;
      return ws_frame(c->out, 2, pack_event("join", O.room, 0));
    case 2:
      if (!c->is_pub) deliver(p.data(), p.size());
      return;
    case 3:
      if (c->step == JOINING) return became_ready(c);
      if (deliver(p.data(), p.size()) && O.load == ECHO_ && running && !closing) send_echo(c);
      return;
    case 4:
      return fail(c, err_proto, "connect error");
    default:
      return fail(c, err_close, "namespace disconnect");
  }
}
static void ws_message(Conn* c, int op, string_view p) {
  if (op == 9) return ws_frame(c->out, 10, p);
  if (op == 8) return fail(c, err_close, "ws close");
  if (op > 2) return;
  if (c->kind == SIO) return op == 2 ? sio_msgpack(c, p) : sio_packet(c, p);
  if (c->is_pub) return;
  int k = deliver(p.data(), p.size());
  msg_bytes += p.size();
  if (O.load == ECHO_ && running && !closing)
    while (k-- > 0)
      send_echo(c);
}
static size_t ws_parse(Conn* c, const char* p, size_t n) {
  size_t at = 0;
  while (n - at >= 2 && c->step != DEAD) {
    auto* u = reinterpret_cast<const unsigned char*>(p + at);
    uint64_t len = u[1] & 127;
    size_t head = 2;
    if (len == 126) {
      if (n - at < 4) break;
      len = uint64_t(u[2]) << 8 | u[3];
      head = 4;
    } else if (len == 127) {
      if (n - at < 10) break;
      len = 0;
      for (int i = 2; i < 10; i++)
        len = len << 8 | u[i];
      head = 10;
    }
    if (n - at - head < len) break;
    ws_message(c, u[0] & 15, string_view(p + at + head, len));
    at += head + len;
  }
  return at;
}

// ---------------------------------------------------------------- HTTP responses
static void on_body(Conn* c, const char* p, size_t n) {
  if (c->kind == SSE || c->kind == STREAM) {  // whole lines only; the rest waits in body
    string_view v(p, n);
    if (!c->body.empty()) {
      c->body.append(p, n);
      v = c->body;
    }
    size_t end = v.rfind('\n');
    if (end != v.npos) deliver(v.data(), end + 1);
    string rest(end == v.npos ? v : v.substr(end + 1));
    c->body = std::move(rest);
  } else if (!c->is_tx && !c->is_pub)
    c->body.append(p, n);
}
static void on_head(Conn* c) {
  if (c->kind == SSE || c->kind == STREAM) {
    if (c->status != 200)
      fail(c, err_proto, "status");
    else
      became_ready(c);
  }
}
static void on_done(Conn* c) {
  c->busy = false;
  if (c->is_pub && c->kind == POSTER) {
    if (c->status / 100 != 2) {
      errors++;
      why["publish status " + std::to_string(c->status)]++;
    }
    return;
  }
  switch (c->kind) {
    case SIOPOLL:
      if (c->is_tx) {
        if (c->status != 200) {
          err_proto++;
          why["poll post " + std::to_string(c->status)]++;
        }
        post_queued(c);
        return;
      }
      if (c->status != 200) return fail(c, err_proto, "poll status");
      {
        string b;
        b.swap(c->body);
        string_view v = b;
        while (!v.empty() && c->step != DEAD) {
          size_t e = v.find('\x1e');
          sio_packet(c, v.substr(0, e));
          v = e == v.npos ? string_view() : v.substr(e + 1);
        }
      }
      if (c->step != DEAD && !(O.load == STORM && c->step == READY)) http_get(c, poll_url(c));
      return;
    case LONGPOLL:
      if (c->status == 200)
        deliver(c->body.data(), c->body.size());
      else if (c->status != 304 && c->status != 204 && c->status != 408) {
        err_proto++;
        why["longpoll status " + std::to_string(c->status)]++;
      }
      c->body.clear();
      if (!closing) http_get(c, c->path);
      return;
    case POLL: {
      uint64_t t = now_ns();
      if (c->status == 200 && running) {
        total++;
        if (measuring) hist.add(t - c->born);
      } else if (c->status >= 400) {
        err_proto++;
        why["poll status"]++;
      }
      c->body.clear();
      became_ready(c);
      if (O.load == STORM || closing) return;
      if (O.interval_ms == 0 && running) {
        c->born = t;
        http_get(c, c->path);
      } else
        due.emplace_back(t + uint64_t(O.interval_ms) * 1000000ull, c);
      return;
    }
    default:
      return fail(c, err_close, "response ended");
  }
}
static size_t http_parse(Conn* c, const char* p, size_t n) {
  size_t at = 0;
  while (at < n && c->step != DEAD) {
    const char* q = p + at;
    size_t left = n - at;
    if (c->http == HEAD) {
      if (!c->busy && c->step == READY && c->kind != SSE && c->kind != STREAM) return n;
      auto* e = static_cast<const char*>(memmem(q, left, "\r\n\r\n", 4));
      if (!e) return at;
      string_view h(q, size_t(e - q) + 2);
      at += h.size() + 2;
      if (h.size() < 12) {
        fail(c, err_proto, "http head");
        return n;
      }
      c->status = atoi(h.data() + 9);
      c->remain = 0;
      bool chunked = false, length = false;
      for (size_t l = h.find("\r\n") + 2; l < h.size();) {
        size_t e2 = h.find("\r\n", l);
        string_view line = h.substr(l, e2 - l);
        l = e2 + 2;
        size_t colon = line.find(':');
        if (colon == line.npos) continue;
        string_view k = line.substr(0, colon), v = line.substr(colon + 1);
        while (!v.empty() && v[0] == ' ')
          v.remove_prefix(1);
        auto is = [&](const char* s) { return k.size() == strlen(s) && !strncasecmp(k.data(), s, k.size()); };
        if (is("content-length")) {
          length = true;
          c->remain = strtoull(v.data(), nullptr, 10);
        } else if (is("transfer-encoding"))
          chunked = true;
        else if (c->kind == LONGPOLL && is("etag"))
          c->etag = string(v);
        else if (c->kind == LONGPOLL && is("last-modified"))
          c->modified = string(v);
      }
      if (c->kind == WS || c->kind == SIO) {
        if (c->status != 101) {
          fail(c, err_proto, "upgrade refused");
          return n;
        }
        c->step = c->kind == WS ? (became_ready(c), c->step) : JOINING;
        c->http = UNTIL_CLOSE;
        return at;
      }
      on_head(c);
      if (c->step == DEAD) return n;
      if (chunked)
        c->http = CHUNK_SIZE;
      else if (c->status == 204 || c->status == 304 || (length && !c->remain)) {
        c->http = HEAD;
        on_done(c);
      } else
        c->http = length ? LENGTH : UNTIL_CLOSE;
    } else if (c->http == LENGTH || c->http == CHUNK_DATA) {
      size_t k = size_t(std::min<uint64_t>(left, c->remain));
      on_body(c, q, k);
      at += k;
      c->remain -= k;
      if (!c->remain) {
        if (c->http == LENGTH) {
          c->http = HEAD;
          on_done(c);
        } else
          c->http = CHUNK_END;
      }
    } else if (c->http == CHUNK_SIZE || c->http == CHUNK_END || c->http == TRAILER) {
      auto* e = static_cast<const char*>(memchr(q, '\n', left));
      if (!e) return at;
      size_t k = size_t(e - q) + 1;
      at += k;
      if (c->http == CHUNK_END)
        c->http = CHUNK_SIZE;
      else if (c->http == TRAILER) {
        if (k <= 2) {
          c->http = HEAD;
          on_done(c);
        }
      } else {
        c->remain = strtoull(q, nullptr, 16);
        c->http = c->remain ? CHUNK_DATA : TRAILER;
      }
    } else {
      on_body(c, q, left);
      at = n;
    }
  }
  return at;
}

// ---------------------------------------------------------------- connections
static void watch(Conn* c, uint32_t events) {
  epoll_event e{};
  e.events = events;
  e.data.ptr = c;
  epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e);
  c->want_out = events & EPOLLOUT;
}
static void open_one(Conn* c) {
  c->born = now_ns();
  c->step = CONNECTING;
  c->http = HEAD;
  c->in.clear();
  c->out.clear();
  c->body.clear();
  c->sid.clear();
  c->queue.clear();
  c->busy = false;
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (c->fd < 0) {
    perror("socket");
    exit(1);
  }
  int one = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  sockaddr_in a{};
  a.sin_family = AF_INET;
  if (O.load == STORM || O.conns > 20000) {  // spread the source address: a port range each
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    a.sin_addr.s_addr = htonl(0x7f000101u + unsigned(next_id++ % 64));
    if (bind(c->fd, reinterpret_cast<sockaddr*>(&a), sizeof a)) perror("bind");
  }
  bool alt = c->is_pub && O.pub_port;
  a.sin_port = htons(uint16_t(alt ? O.pub_port : O.port));
  inet_pton(AF_INET, O.host.c_str(), &a.sin_addr);
  n_open++;
  int r = connect(c->fd, reinterpret_cast<sockaddr*>(&a), sizeof a);
  if (r && errno != EINPROGRESS) return fail(c, err_connect, "connect");
  watch(c, EPOLLIN | EPOLLOUT);
}
static Conn* make(Kind k, const string& path) {
  conns.push_back(std::make_unique<Conn>());
  Conn* c = conns.back().get();
  c->kind = k;
  c->path = path;
  c->id = int(conns.size()) - 1;
  return c;
}
static void drop(Conn* c) {
  if (c->fd >= 0) {
    close(c->fd);
    c->fd = -1;
    n_open--;
  }
  if (c->step == READY && !c->is_tx && !c->is_pub) n_ready--;
  c->step = DEAD;
  if (c->peer && !c->is_tx && c->peer->fd >= 0) drop(c->peer);
}
static void fail(Conn* c, uint64_t& bucket, const char* reason) {
  if (c->is_tx) c = c->peer;
  if (c->step == DEAD) return;
  if (!closing) {
    bucket++;
    errors++;
    why[reason]++;
  }
  drop(c);
  if (O.load == STORM && !closing) doom(c);
}
static void connected(Conn* c) {
  int err = 0;
  socklen_t l = sizeof err;
  getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &l);
  if (err) return fail(c, err_connect, strerror(err));
  c->step = HANDSHAKE;
  switch (c->kind) {
    case WS:
      ws_upgrade(c, c->path);
      break;
    case SIO:
      ws_upgrade(c, O.sio_path + "?EIO=4&transport=websocket");
      break;
    case SIOPOLL:
      if (c->is_tx) {
        c->step = READY;
        post_queued(c);
      } else
        http_get(c, poll_url(c));
      break;
    case POSTER:
      c->step = READY;
      break;
    case LONGPOLL:
      http_get(c, c->path);
      became_ready(c);
      break;
    default:
      c->born = O.load == STORM ? c->born : now_ns();
      http_get(c, c->path);
  }
  flush(c);
}
static void readable(Conn* c) {
  static std::vector<char> buf(1 << 18);
  ssize_t n = recv(c->fd, buf.data(), buf.size(), 0);
  if (n <= 0) {
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (c->http == UNTIL_CLOSE && c->kind == LONGPOLL) on_done(c);
    return fail(c, err_close, n == 0 ? "closed by server" : "reset");
  }
  bytes_in += uint64_t(n);
  clock_cache = 0;
  const char* p = buf.data();
  size_t len = size_t(n);
  string hold;
  if (!c->in.empty()) {
    hold.swap(c->in);
    hold.append(p, len);
    p = hold.data();
    len = hold.size();
  }
  size_t used = 0;
  bool ws = c->kind == WS || c->kind == SIO;
  if (!ws || c->http == HEAD) used = http_parse(c, p, len);
  if (ws && c->http == UNTIL_CLOSE && c->step != DEAD) used += ws_parse(c, p + used, len - used);
  if (c->step == DEAD) return;
  if (used < len) c->in.assign(p + used, len - used);
  if (!c->out.empty() && !c->want_out) flush(c);
}

// ---------------------------------------------------------------- publisher
static void publish(uint64_t stamp) {
  static string p;
  make_payload(p, stamp);
  if (O.newline) p.push_back('\n');
  published++;
  if (publisher->kind == WS)
    ws_frame(publisher->out, O.binary ? 2 : 1, p);
  else if (publisher->kind == SIO && O.msgpack)
    ws_frame(publisher->out, 2, pack_event("msg", p, -1, O.room));
  else if (publisher->kind == SIO)
    ws_frame(publisher->out, 1,
             "42" + ns_prefix() + "[\"msg\",{\"room\":\"" + O.room + "\",\"payload\":\"" + p + "\"}]");
  else if (publisher->busy) {
    publisher->queue.push_back(p);
    return;
  } else
    http_post(publisher, publisher->path, p);
  if (!publisher->want_out) flush(publisher);
}
static void publisher_pump() {
  if (publisher->kind == POSTER && !publisher->busy && !publisher->queue.empty()) {
    string p = std::move(publisher->queue.front());
    publisher->queue.pop_front();
    http_post(publisher, publisher->path, p);
    flush(publisher);
  }
}

// ---------------------------------------------------------------- event loop
static int turn(uint64_t wait_ns) {
  static epoll_event ev[1024];
  timespec ts{time_t(wait_ns / 1000000000ull), long(wait_ns % 1000000000ull)};
  int n = epoll_pwait2(ep, ev, 1024, &ts, nullptr);
  for (int i = 0; i < n; i++) {
    Conn* c = static_cast<Conn*>(ev[i].data.ptr);
    if (c->fd < 0) continue;
    if (c->step == CONNECTING) {
      if (ev[i].events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) {
        connected(c);
        if (c->fd >= 0 && c->out.empty() && c->want_out) {
          c->want_out = true;
          flush(c);
        }
      }
      continue;
    }
    if (ev[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP)) readable(c);
    if (c->fd >= 0 && (ev[i].events & EPOLLOUT)) flush(c);
  }
  return n;
}
static void open_client() {
  Conn* c = make(O.kind, O.path);
  if (O.kind == SIOPOLL) {
    Conn* t = make(SIOPOLL, O.path);
    t->is_tx = true;
    t->peer = c;
    c->peer = t;
    open_one(t);
  }
  open_one(c);
}
static void reopen_doomed() {
  std::vector<Conn*> d;
  d.swap(doomed);
  for (Conn* c : d) {
    drop(c);
    c->doomed = false;
    if (closing) continue;
    if (c->peer) open_one(c->peer);
    open_one(c);
  }
}

static void parse_args(int argc, char** argv) {
  for (int i = 1; i < argc; i++) {
    string a = argv[i];
    auto v = [&]() -> const char* {
      if (i + 1 >= argc) usage();
      return argv[++i];
    };
    if (a == "--kind") {
      string k = v();
      int f = -1;
      for (int j = 0; j < 7; j++)
        if (k == kind_name[j]) f = j;
      if (f < 0) usage();
      O.kind = Kind(f);
    } else if (a == "--load") {
      string k = v();
      int f = -1;
      for (int j = 0; j < 4; j++)
        if (k == load_name[j]) f = j;
      if (f < 0) usage();
      O.load = Load(f);
    } else if (a == "--host")
      O.host = v();
    else if (a == "--port")
      O.port = atoi(v());
    else if (a == "--path")
      O.path = v();
    else if (a == "--conns")
      O.conns = atoi(v());
    else if (a == "--payload")
      O.payload = atoi(v());
    else if (a == "--depth")
      O.depth = atoi(v());
    else if (a == "--window")
      O.window = atoi(v());
    else if (a == "--rate")
      O.rate = atof(v());
    else if (a == "--seconds")
      O.seconds = atof(v());
    else if (a == "--warm")
      O.warm = atof(v());
    else if (a == "--ramp")
      O.ramp = atoi(v());
    else if (a == "--hold")
      O.hold = atof(v());
    else if (a == "--setup")
      O.setup = atof(v());
    else if (a == "--interval")
      O.interval_ms = atoi(v());
    else if (a == "--pub")
      O.pub = v();
    else if (a == "--pub-port")
      O.pub_port = atoi(v());
    else if (a == "--sio-path")
      O.sio_path = v();
    else if (a == "--ns")
      O.ns = v();
    else if (a == "--room")
      O.room = v();
    else if (a == "--no-join")
      O.join = false;
    else if (a == "--parser")
      O.msgpack = string(v()) == "msgpack";
    else if (a == "--binary")
      O.binary = true;
    else if (a == "--pub-newline")
      O.newline = true;
    else if (a == "--header")
      O.headers.push_back(v());
    else if (a == "--server-pid")
      O.pid = atoi(v());
    else if (a == "--name")
      O.name = v();
    else
      usage();
  }
  if (!O.port || O.conns < 1) usage();
}

int main(int argc, char** argv) {
  parse_args(argc, argv);
  signal(SIGPIPE, SIG_IGN);
  rlimit rl;
  getrlimit(RLIMIT_NOFILE, &rl);
  rl.rlim_cur = rl.rlim_max;
  setrlimit(RLIMIT_NOFILE, &rl);
  if (rl.rlim_cur < rlim_t(O.conns) + 64) {
    fprintf(stderr, "%d connections need more descriptors than the hard limit of %llu (ulimit -Hn)\n",
            O.conns, (unsigned long long)rl.rlim_cur);
    return 1;
  }
  ep = epoll_create1(EPOLL_CLOEXEC);
  ProcTree server;
  long rss0 = 0, pss0 = 0, rss1 = 0, pss1 = 0, tcp0 = tcp_mem_kb(), slab0 = slab_kb();
  if (O.pid) {
    server.scan(O.pid);
    server.mem(rss0, pss0);
  }

  // Bring the connections up, at most `ramp` handshakes at a time.
  uint64_t t_setup = now_ns();
  bool storm = O.load == STORM;
  int started = 0, want = O.conns;
  if (storm) running = true;
  while (!storm && n_ready < want) {
    for (; started < want && started - n_ready - int(errors) < O.ramp; started++)
      open_client();
    turn(10000000);
    if (errors > uint64_t(want) || now_ns() - t_setup > uint64_t(O.setup * 1e9)) break;
    if (started == want && n_ready + int(errors) >= want) break;
  }
  double setup_s = double(now_ns() - t_setup) / 1e9;
  if (O.load == FANOUT) {
    Kind k = O.pub == "sio" ? SIO : O.pub.rfind("post:", 0) == 0 ? POSTER : WS;
    publisher = make(k, O.pub.substr(O.pub.find(':') + 1));
    publisher->is_pub = true;
    open_one(publisher);
    uint64_t end = now_ns() + 5000000000ull;
    while (publisher->step != READY && publisher->step != DEAD && now_ns() < end)
      turn(10000000);
    if (publisher->step != READY) {
      fprintf(stderr, "publisher not ready\n");
      return 1;
    }
    end = now_ns() + 300000000ull;  // let late join / first polls settle
    while (now_ns() < end)
      turn(10000000);
  }
  if (!storm && n_ready == 0) {
    fprintf(stderr, "no connection became ready:");
    for (auto& [w, n] : why)
      fprintf(stderr, " %s=%d", w.c_str(), n);
    fputc('\n', stderr);
    return 1;
  }

  // Load: warm up, then a measured window.
  uint64_t t0 = now_ns(), t_open = t0 + uint64_t(O.warm * 1e9), t_close = t_open + uint64_t(O.seconds * 1e9);
  if (O.load == IDLE) {
    t_open = t0;
    t_close = t0 + uint64_t(O.hold * 1e9);
  }
  running = true;
  double cpu0 = 0, gen0 = 0;
  uint64_t start_ns = 0, last_total = 0, last_change = t0, next_pub = t0, stall_base = 0;
  const int subs = n_ready;
  if (O.load == ECHO_)
    for (auto& c : conns)
      if (c->step == READY && !c->is_tx) {
        if (O.kind == POLL) continue;
        for (int i = 0; i < O.depth; i++)
          send_echo(c.get());
        if (!c->out.empty()) flush(c.get());
      }
  if (storm)
    for (; started < want; started++)
      open_client();
  for (;;) {
    uint64_t t = now_ns();
    if (!measuring && t >= t_open) {
      measuring = true;
      base_total = total;
      base_pub = published;
      if (O.pid) {
        server.scan(O.pid);
        cpu0 = server.cpu_s();
      }
      gen0 = self_cpu_s();
      start_ns = now_ns();
    }
    if (t >= t_close) break;
    uint64_t wait = 10000000;
    if (publisher) {
      if (publisher->step != READY) {
        errors++;
        why["publisher lost"]++;
        break;
      }
      publisher_pump();
      if (O.rate > 0) {
        while (t >= next_pub) {
          publish(next_pub);
          next_pub += uint64_t(1e9 / O.rate);
        }
        wait = std::min(wait, next_pub > t ? next_pub - t : 0);
      } else {
        while (total + uint64_t(O.window) * uint64_t(subs) >= (published + 1) * uint64_t(subs) - stall_base &&
               !(publisher->kind == POSTER && publisher->queue.size() > 0))
          publish(now_ns());
      }
    }
    if (O.load == FANOUT || O.load == ECHO_) {
      if (total != last_total) {
        last_total = total;
        last_change = t;
      } else if (O.kind != POLL && O.rate == 0 && t - last_change > 2000000000ull) {
        stalls++;
        errors++;
        if (published) stall_base = published * uint64_t(subs) - total;
        last_change = t;
      }
    }
    while (!due.empty() && due.front().first <= t) {
      Conn* c = due.front().second;
      due.pop_front();
      if (c->step == READY) {
        c->born = t;
        http_get(c, c->path);
        flush(c);
      }
    }
    if (!due.empty()) wait = std::min(wait, due.front().first > t ? due.front().first - t : 0);
    turn(wait);
    if (storm) reopen_doomed();
  }
  uint64_t end_ns = now_ns();
  double cpu1 = 0, gen1 = self_cpu_s();
  if (O.pid) {
    cpu1 = server.cpu_s();
    server.mem(rss1, pss1);
  }
  long tcp1 = tcp_mem_kb(), slab1 = slab_kb();
  double secs = double(end_ns - start_ns) / 1e9;
  uint64_t got = total - base_total;
  uint64_t dup = publisher && total > published * uint64_t(subs) ? total - published * uint64_t(subs) : 0;
  if (dup) {
    errors++;
    why["more deliveries than published"]++;
  }
  closing = true;

  string w;
  for (auto& [k, n] : why)
    w += (w.empty() ? "\"" : ",\"") + k + "\":" + std::to_string(n);
  double per = got ? double(got) : 0;
  printf(
      "{\"name\":\"%s\",\"kind\":\"%s\",\"load\":\"%s\",\"conns\":%d,\"ready\":%d,\"payload\":%d,\"depth\":%"
      "d,\"window\":%d,\"rate_set\":%g,"
      "\"setup_s\":%.3f,\"seconds\":%.3f,\"deliveries\":%llu,\"rate\":%.1f,\"published\":%llu,"
      "\"p50_us\":%.1f,\"p90_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f,"
      "\"server_cpu_us\":%.3f,\"server_util\":%.3f,\"gen_cpu_us\":%.3f,\"gen_util\":%.3f,"
      "\"rss_kb\":%ld,\"rss_per_conn\":%.0f,\"pss_per_conn\":%.0f,\"tcp_mem_per_conn\":%.0f,\"slab_per_"
      "conn\":%.0f,"
      "\"bytes_in\":%llu,\"errors\":%llu,\"err_connect\":%llu,\"err_close\":%llu,\"err_proto\":%llu,"
      "\"stalls\":%llu,\"dup\":%llu,\"why\":{%s}}\n",
      O.name.c_str(), kind_name[O.kind], load_name[O.load], O.conns, O.load == STORM ? 0 : n_ready, O.payload,
      O.depth, O.window, O.rate, setup_s, secs, (unsigned long long)got, double(got) / secs,
      (unsigned long long)(published - base_pub), hist.us(.5), hist.us(.9), hist.us(.99),
      double(hist.top) / 1e3, per > 0 ? (cpu1 - cpu0) * 1e6 / per : 0, (cpu1 - cpu0) / secs,
      per > 0 ? (gen1 - gen0) * 1e6 / per : 0, (gen1 - gen0) / secs, rss1,
      double(rss1 - rss0) * 1024 / O.conns, double(pss1 - pss0) * 1024 / O.conns,
      double(tcp1 - tcp0) * 1024 / O.conns, double(slab1 - slab0) * 1024 / O.conns,
      (unsigned long long)bytes_in, (unsigned long long)errors, (unsigned long long)err_connect,
      (unsigned long long)err_close, (unsigned long long)err_proto, (unsigned long long)stalls,
      (unsigned long long)dup, w.c_str());
  fflush(stdout);
  _exit(0);
}
