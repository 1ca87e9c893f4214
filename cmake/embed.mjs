// Turns files into one C++ source: a table of naru::Asset over one block of bytes that the assembler takes in
// with .incbin (a megabyte costs milliseconds, where an array of numbers costs the compiler seconds).
//
//   node embed.mjs OUT.cpp FUNCTION [--text FUNCTION=VALUE] [--all-codings] (--dir FOLDER | FILE...)
//
// FUNCTION is qualified: naru::app::client_files gives `std::span<const naru::Asset> client_files()` in namespace
// naru::app. Paths are relative to FOLDER, or the files' own names. Files are sorted by path (bytewise), so a
// table may be searched by bisection. Beside OUT.cpp stands OUT.cpp.bin, the block.
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {basename, extname, join, relative, sep} from 'node:path';
import {brotliCompressSync, constants, deflateSync, gzipSync} from 'node:zlib';

const contentTypes = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

function parseArguments([out, name, ...rest]) {
  const texts = [];
  const files = [];
  let allCodings = false;
  while (rest.length > 0) {
    const word = rest.shift();
    if (word === '--text') {
      const [, function_, value] = /^([^=]+)=(.*)$/.exec(rest.shift());
      texts.push([function_, value]);
    } else if (word === '--all-codings') {
      allCodings = true;
    } else if (word === '--dir') {
      const folder = rest.shift();
      for (const file of filesBelow(folder)) {
        files.push({file, path: relative(folder, file).split(sep).join('/')});
      }
    } else {
      files.push({file: word, path: basename(word)});
    }
  }
  if (!name || files.length === 0) throw new Error('embed: nothing to embed for ' + out);
  return {out, name, texts, allCodings, files: files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))};
}

function filesBelow(folder) {
  return readdirSync(folder).flatMap((entry) => {
    const path = join(folder, entry);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

function quoted(text) {
  return '"' + text.replace(/["\\]/g, '\\$&') + '"';
}

class Block {
  pieces = [];
  size = 0;
  // The bytes as a C++ expression of type std::string_view.
  add(bytes) {
    const at = this.size;
    this.pieces.push(bytes);
    this.size += bytes.length;
    return `{block + ${at}, ${bytes.length}}`;
  }
}

// gzip always; brotli (the better one) and deflate (for clients that name nothing else) where asked for.
function assetRow(block, {file, path}, allCodings) {
  const bytes = readFileSync(file);
  const type = contentTypes[extname(path)] ?? 'application/octet-stream';
  const etag = '"' + createHash('sha256').update(bytes).digest('base64url').slice(0, 27) + '"';
  const coded = [gzipSync(bytes, {level: 9})];
  if (allCodings) {
    const params = {[constants.BROTLI_PARAM_SIZE_HINT]: bytes.length};
    coded.push(brotliCompressSync(bytes, {params}), deflateSync(bytes, {level: 9}));
  }
  const smaller = coded.map((one) => (one.length < bytes.length * 0.95 ? block.add(one) : '{}'));
  return `    {${quoted(path)}, ${block.add(bytes)}, ${quoted(type)}, ${quoted(etag)}, ${smaller.join(', ')}},`;
}

const {out, name, texts, allCodings, files} = parseArguments(process.argv.slice(2));
const block = new Block();
const rows = files.map((file) => assetRow(block, file, allCodings));
const bytes = Buffer.concat(block.pieces);
const scope = name.split('::').slice(0, -1).join('::');
const plain = name.split('::').at(-1);
const symbol = 'naru_block_' + name.replace(/\W+/g, '_');
const digest = createHash('sha256').update(bytes).digest('hex');
writeFileSync(out + '.bin', bytes);
writeFileSync(out, `// Made by cmake/embed.mjs. Block ${digest}.
#include "naru/asset.hpp"

#include <span>
#include <string_view>

asm(R"(
  .pushsection .rodata, "a"
  .hidden ${symbol}
  .global ${symbol}
  .balign 16
${symbol}:
  .incbin "${out}.bin"
  .byte 0
  .popsection
)");
extern "C" __attribute__((visibility("hidden"))) const char ${symbol}[];

namespace ${scope} {

std::span<const ::naru::Asset> ${plain}();
std::span<const ::naru::Asset> ${plain}() {
  static const char* const block = ${symbol};
  static const ::naru::Asset assets[] = {
${rows.join('\n')}
  };
  return assets;
}
${texts.map(([function_, value]) => `
std::string_view ${function_}();
std::string_view ${function_}() {
  return ${quoted(value)};
}
`).join('')}
}  // namespace ${scope}
`);
