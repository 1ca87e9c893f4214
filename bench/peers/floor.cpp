// The floor: no parsing worth the name, no timers, no checks, one send() per delivery. Not a server,
// a measure of what the kernel alone costs. ws /echo /sub /pub, GET /sse /stream /lp /get, POST /pub.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <string>
#include <vector>
using std::string;
enum { NEW, ECHO_, SUB, PUB, SSE, STREAM, HTTP };
static uint8_t mode[65536];
static std::vector<int> subs, sse, stream, waiting;
static string last;
static void all(std::vector<int>& v, const string& m) {
  for (int fd : v)
    if (send(fd, m.data(), m.size(), MSG_NOSIGNAL) < 0) {
    }
}
static string chunk(const string& b) {
  char h[16];
  snprintf(h, 16, "%zx\r\n", b.size());
  return h + b + "\r\n";
}
static string reply(const string& b) {
  return "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: " + std::to_string(b.size()) + "\r\n\r\n" + b;
}
static void gone(std::vector<int>& v, int fd) {
  for (auto& x : v)
    if (x == fd) {
      x = v.back();
      v.pop_back();
      return;
    }
}
int main(int, char** argv) {
  int l = socket(AF_INET, SOCK_STREAM, 0), one = 1, ep = epoll_create1(0);
  setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, 4);
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(uint16_t(atoi(argv[1])));
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(l, (sockaddr*)&a, sizeof a) || listen(l, 4096)) return 1;
  epoll_event e{}, ev[1024];
  e.events = EPOLLIN;
  e.data.fd = l;
  epoll_ctl(ep, EPOLL_CTL_ADD, l, &e);
  static char b[1 << 18];
  static string out;
  for (;;) {
    int n = epoll_wait(ep, ev, 1024, -1);
    for (int i = 0; i < n; i++) {
      int fd = ev[i].data.fd;
      if (fd == l) {
        int c = accept4(l, nullptr, nullptr, SOCK_NONBLOCK);
        if (c < 0) continue;
        setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, 4);
        mode[c] = NEW;
        e.data.fd = c;
        epoll_ctl(ep, EPOLL_CTL_ADD, c, &e);
        continue;
      }
      ssize_t k = recv(fd, b, sizeof b, 0);
      if (k <= 0) {
        gone(subs, fd);
        gone(sse, fd);
        gone(stream, fd);
        gone(waiting, fd);
        close(fd);
        continue;
      }
      if (mode[fd] == ECHO_ || mode[fd] == PUB) {
        out.clear();
        for (char *p = b, *end = b + k; p < end;) {
          size_t len = p[1] & 127, h = 2;
          if (len == 126) {
            len = size_t(uint8_t(p[2])) << 8 | uint8_t(p[3]);
            h = 4;
          }
          out.push_back(p[0]);
          if (h == 2)
            out.push_back(char(len));
          else
            out.append("\x7e").append(p + 2, 2);
          for (size_t j = 0; j < len; j++)
            p[h + 4 + j] ^= p[h + (j & 3)];
          out.append(p + h + 4, len);
          p += h + 4 + len;
        }
        if (mode[fd] == ECHO_) {
          if (send(fd, out.data(), out.size(), MSG_NOSIGNAL) < 0) {
          }
        } else
          all(subs, out);
        continue;
      }
      string r;
      if (b[0] == 'P') {
        char* body = (char*)memmem(b, size_t(k), "\r\n\r\n", 4) + 4;
        string m(body, size_t(b + k - body));
        if (!sse.empty()) all(sse, chunk("data: " + m + "\n\n"));
        if (!stream.empty()) all(stream, chunk(m + "\n"));
        std::vector<int> w;
        w.swap(waiting);
        if (!w.empty()) all(w, reply(m));
        r = reply("");
      } else if (memmem(b, size_t(k), "Upgrade: websocket", 18)) {
        mode[fd] = b[5] == 'e' ? ECHO_ : b[5] == 's' ? SUB : PUB;
        if (mode[fd] == SUB) subs.push_back(fd);
        r = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
      } else if (b[5] == 's') {
        (b[6] == 's' ? sse : stream).push_back(fd);
        r = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
      } else if (b[5] == 'l') {
        waiting.push_back(fd);
        continue;
      } else
        r = reply("ok");
      if (send(fd, r.data(), r.size(), MSG_NOSIGNAL) < 0) {
      }
    }
  }
}
