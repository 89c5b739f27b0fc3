// A way in for a client that cannot send a token: passes each request on to the server with the token
// added, and under the server's address where the client named this one. Whatever else a request says
// of hosts and origins stays as it is.
//
// proxy.mjs TARGET TOKEN prints its own address.

import http from 'node:http';

const [target, token] = process.argv.slice(2);
const { hostname, port } = new URL(target);

// The server's own port in place of this one.
const named = (value) => value?.replace(/^((?:https?:\/\/)?(?:localhost|127\.0\.0\.1)):\d+$/, `$1:${port}`);

const proxy = http.createServer((request, response) => {
  const headers = { ...request.headers, authorization: `Bearer ${token}` };
  headers.host = named(headers.host);
  if (headers.origin) headers.origin = named(headers.origin);
  const passed = http.request(
    { hostname, port, method: request.method, path: request.url, headers },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    },
  );
  passed.on('error', () => response.destroy());
  response.on('close', () => passed.destroy());
  request.pipe(passed);
});

proxy.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${proxy.address().port}`);
});
