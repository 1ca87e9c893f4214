// The layers check finds what it must find: wrong includes are planted in a small tree of its own.
import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {after, test} from 'node:test';
import {check, cycles, parseTable} from './layers.mjs';

const table = parseTable(`
words: result asset
sockets: net | sys/socket.h
base: | spdlog/
net: base
http: base | zlib.h
app: base net http house
include/naru: house
include/naru/json.hpp: house | nlohmann/
apps/chat: house self
apps: house self apps/chat | CLI/
examples: house
`);
const root = mkdtempSync(join(tmpdir(), 'layers-'));
after(() => rmSync(root, {recursive: true}));

const sound = {
  'src/base/bytes.hpp': '#include <vector>\n#include <sys/uio.h>\n#include "naru/result.hpp"\n',
  'src/base/log.cpp': '#include <spdlog/spdlog.h>\n',
  'src/net/loop.cpp': '#include <sys/socket.h>\n#include "base/bytes.hpp"\n#include "net/loop.hpp"\n',
  'src/net/loop.hpp': '',
  'src/http/head.cpp': '#include <zlib.h>\n  #  include "base/bytes.hpp"\n',
  'src/app/server.cpp': '#include "naru/server.hpp"\n#include "http/head.hpp"\n',
  'src/http/head.hpp': '',
  'include/naru/result.hpp': '#include <variant>\n',
  'include/naru/server.hpp': '#include "naru/result.hpp"\n#include "naru/json.hpp"\n',
  'include/naru/json.hpp': '#include <nlohmann/json.hpp>\n',
  'apps/naru/main.cpp': '#include <CLI/CLI.hpp>\n#include "chat/chat.hpp"\n',
  'apps/chat/chat.hpp': '#include <naru/server.hpp>\n',
  'apps/chat/chat.cpp': '#include "chat/chat.hpp"\n#include "chat.hpp"\n',
  'examples/echo/main.cpp': '#include <naru/server.hpp>\n',
};

function plant(files) {
  rmSync(root, {recursive: true});
  for (const [path, text] of Object.entries({...sound, ...files})) {
    mkdirSync(dirname(join(root, path)), {recursive: true});
    writeFileSync(join(root, path), text);
  }
  return check(root, table);
}

test('a sound tree has no breach', () => {
  assert.deepEqual(plant({}), {files: Object.keys(sound).length, breaches: []});
});

const wrong = [
  ['a room above', 'src/base/bytes.hpp', '#include "net/loop.hpp"', 'base may not include the room net'],
  ['a room beside', 'src/http/head.cpp', '#include "net/loop.hpp"', 'http may not include the room net'],
  ['the room above all', 'src/net/loop.hpp', '#include "app/x.hpp"', 'net may not include the room app'],
  ['the house from a room', 'src/http/head.cpp', '#include "naru/server.hpp"', 'only words'],
  ['third-party code of another room', 'src/net/loop.cpp', '#include <zlib.h>', 'net may not include this'],
  ['third-party code of no room', 'src/net/loop.cpp', '#include <boost/asio.hpp>', 'net may not include this'],
  ['sockets outside net', 'src/http/head.cpp', '#include <sys/socket.h>', 'http may not know sockets'],
  ['the house from a word', 'include/naru/result.hpp', '#include "naru/server.hpp"', 'a word (result)'],
  ['the inside from a public header', 'include/naru/server.hpp', '#include "net/loop.hpp"', 'the room net'],
  ['nlohmann outside json.hpp', 'include/naru/server.hpp', '#include <nlohmann/json.hpp>', 'may not include this'],
  ['the inside from the chat', 'apps/chat/chat.cpp', '#include "base/bytes.hpp"', 'the room base'],
  ['the command from the chat', 'apps/chat/chat.cpp', '#include "naru/../naru/main.cpp"', 'may not include apps'],
  ['a list beside co_await', 'apps/chat/chat.cpp', 'auto x = co_await f({1, 2});', 'beside co_await'],
  ['a lambda beside co_await', 'apps/chat/chat.cpp', 'co_await f([] { return 1; });', 'beside co_await'],
  ['a room that the table does not name', 'src/utils/x.cpp', '#include <vector>', 'in no place'],
];
for (const [name, path, line, why] of wrong) {
  test('finds ' + name, () => {
    const {breaches} = plant({[path]: '\n' + line + '\n'});
    assert.equal(breaches.length, 1);
    assert.ok(breaches[0].startsWith(path + ':2: ') || why === 'in no place', breaches[0]);
    assert.ok(breaches[0].includes(why), breaches[0]);
  });
}

test('lets co_await stand where nothing is beside it', () => {
  const fine = 'auto x = co_await f("{[");  // {\nauto operator co_await() { return 1; }\n// co_await [\n';
  assert.deepEqual(plant({'apps/chat/chat.cpp': fine}).breaches, []);
});

test('finds a circle in the table itself', () => {
  assert.deepEqual(cycles(table), []);
  assert.ok(cycles(parseTable('base: net\nnet: base\n')).length > 0);
});

test('refuses a line that is no rule', () => {
  assert.throws(() => parseTable('base may include net\n'), /not a rule/);
});
