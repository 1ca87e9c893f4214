// The `interop` profile with options that are not the defaults: ../PROFILE.md.
import { start as startInterop } from "./interop.mjs";

export function start(port, flags) {
  startInterop(port, flags, {
    cors: { origin: ["http://localhost:54023", /^http:\/\/127\.0\.0\.1:\d+$/], methods: ["GET", "POST"], allowedHeaders: ["content-type"], credentials: true },
    cookie: { name: "ferry", path: "/", httpOnly: true, sameSite: "lax" },
    allowRequest: (request, decide) => decide(null, !new URL(request.url, "http://localhost").searchParams.has("deny")),
    cleanupEmptyChildNamespaces: true,
  });
}
