// The `engine-options` profile on npm's engine.io: the oracle of engine_options.mjs.
import { createServer } from "node:http";
import { Server } from "engine.io";

const kKept = 50;

export function start(port) {
  const told = [];
  const engines = {};
  const http = createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    if (url.pathname === "/errors") return response.setHeader("content-type", "application/json").end(JSON.stringify(told));
    if (url.pathname === "/clients") return response.end(String(engines[url.searchParams.get("path")]?.clientsCount ?? "?"));
    response.writeHead(404).end();
  });

  function add(path, options = {}) {
    const engine = new Server(options);
    engine.on("connection", (socket) => socket.on("data", (data) => socket.send(data)));
    engine.on("connection_error", ({ code, message, context, req }) => {
      told.push({ code, message, context: texts(context), url: req.url, method: req.method });
      if (told.length > kKept) told.shift();
    });
    engine.attach(http, { path, addTrailingSlash: options.addTrailingSlash });
    return (engines[path] = engine);
  }

  add("/cookie/", { cookie: true });
  add("/cookie-custom/", { cookie: { name: "woot", path: "/custom", domain: "example.org", maxAge: 60, httpOnly: false, secure: true, sameSite: "strict" } });
  add("/cookie-bare/", { cookie: { path: null, httpOnly: false, sameSite: undefined } });

  add("/cors-text/", {
    cors: { origin: "http://a.example", methods: ["GET", "POST"], allowedHeaders: ["x-one", "x-two"], exposedHeaders: ["x-three"], maxAge: 123, optionsSuccessStatus: 200 },
  });
  add("/cors-list/", { cors: { origin: ["http://a.example", "http://b.example"], credentials: true } });
  add("/cors-pattern/", { cors: { origin: /^http:\/\/[a-z]+\.example$/ } });
  // A function's "no" leaves the fields out altogether; here it is a list of what it says yes to.
  add("/cors-function/", { cors: { origin: (origin, done) => done(null, origin === "http://f.example" ? [origin] : ["http://f.example", "-"]) } });

  add("/no-upgrades/", { allowUpgrades: false });
  add("/polling-only/", { transports: ["polling"] });
  add("/websocket-only/", { transports: ["websocket"] });
  add("/no-slash", { addTrailingSlash: false });
  add("/initial/", { initialPacket: "faster!" });
  add("/no-compression/", { httpCompression: false });
  add("/quick/", { upgradeTimeout: 200, pingInterval: 10_000 });
  add("/plain/");
  add("/closing/");

  add("/gate/", {
    allowRequest: (request, done) => {
      const deny = new URL(request.url, "http://localhost").searchParams.get("deny");
      setTimeout(() => (deny === null ? done(null, true) : done(deny === "why" ? "you shall not pass" : null, false)), 20);
    },
  });

  add("/ids/").generateId = (request) => {
    if (request._query.id === undefined) throw new Error("no id was given");
    return request._query.id;
  };
  add("/ids-later/").generateId = (request) =>
    new Promise((resolve, reject) => setTimeout(() => (request._query.id ? resolve(request._query.id) : reject(new Error("no id"))), 20));

  const middleware = add("/middleware/");
  middleware.use((request, response, next) => {
    response.setHeader("x-first", request.headers.upgrade ? "upgrade" : request.method);
    next(request._query.refuse === undefined ? undefined : new Error("not today"));
  });
  middleware.use((request, response, next) => {
    if (request._query.slow === undefined) return next();
    setTimeout(() => (response.setHeader("set-cookie", ["slow=1", "and=steady"]), next()), 20);
  });

  const headers = add("/headers/");
  headers.on("initial_headers", (fields, request) => {
    fields["x-initial"] = request._query.transport;
    fields["set-cookie"] = ["one=1", "two=2"];
  });
  headers.on("headers", (fields, request) => (fields["x-every"] = request.headers.upgrade ? "upgrade" : request.method));

  http.listen(port);
}

function texts(context = {}) {
  return Object.fromEntries(Object.entries(context).map(([key, value]) => [key, value instanceof Error ? value.message : String(value)]));
}
