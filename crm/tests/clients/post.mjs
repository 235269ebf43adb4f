// Posts a large body in every way that Node has by itself, and prints the status of each.
import http from "node:http";

const SIZE = 50_000_000;
const [url, ...lines] = process.argv.slice(2);
const headers = Object.fromEntries(lines.map((line) => line.split(": ")));
const body = Buffer.alloc(SIZE, "x");

function show(name, status, text) {
  console.log(name, status, text.length);
}

function withHttp(send) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: "POST", headers }, (response) => {
      let text = "";
      response.on("data", (piece) => (text += piece));
      response.on("end", () => resolve([response.statusCode, text]));
      response.on("error", reject);
    });
    request.on("error", reject);
    send(request);
  });
}

async function withFetch(options) {
  const response = await fetch(url, { method: "POST", headers, ...options });
  return [response.status, await response.text()];
}

function* pieces() {
  for (let sent = 0; sent < SIZE; sent += 65536) yield body.subarray(0, 65536);
}

show("http", ...(await withHttp((request) => request.end(body))));
show(
  "http-chunked",
  ...(await withHttp((request) => {
    for (const piece of pieces()) request.write(piece);
    request.end();
  })),
);
show("fetch", ...(await withFetch({ body })));

const left = pieces();
const stream = new ReadableStream({
  pull(controller) {
    const { done, value } = left.next();
    if (done) controller.close();
    else controller.enqueue(value);
  },
});
show("fetch-chunked", ...(await withFetch({ body: stream, duplex: "half" })));
