import { addressOf, attachCommand, isClosedTo, type Door } from "../../lib/attach";
import { equal, test } from "./testing";

const HERE: Door = { hostname: "127.0.0.1", port: "11800", loopback: true, token: false, tls: false, home: "" };
const FAR: Door = { hostname: "davy.example", port: "11900", loopback: false, token: true, tls: true, home: "/srv/davylamp" };

test("on the server's own machine a command names no server", () => {
  equal(attachCommand("start", HERE), "DAVY_SERVICE=my-service \\\n  java -javaagent:agent/davylamp-agent.jar -jar my-service.jar");
  equal(attachCommand("running", HERE), "bin/davy attach PID --service my-service");
});

test("on the server's own machine a command works from any folder", () => {
  const home = { ...HERE, home: "/srv/davylamp-1.0" };
  equal(attachCommand("start", home), "DAVY_SERVICE=my-service \\\n  java -javaagent:/srv/davylamp-1.0/agent/davylamp-agent.jar -jar my-service.jar");
  equal(attachCommand("running", home), "/srv/davylamp-1.0/bin/davy attach PID --service my-service");
  equal(attachCommand("running", { ...HERE, home: "/home/o'hara/a b" }), "'/home/o'\\''hara/a b/bin/davy' attach PID --service my-service");
});

test("another port of this machine is named", () => {
  equal(attachCommand("start", { ...HERE, hostname: "localhost", port: "1" }).split(" ")[0]!, "DAVY_SERVER=127.0.0.1:1");
  equal(attachCommand("running", { ...HERE, port: "1" }), "bin/davy attach PID --service my-service --to 127.0.0.1:1");
});

test("a server elsewhere is named as the browser knows it, with the place of the token and TLS", () => {
  equal(addressOf(FAR), "davy.example:11900");
  equal(attachCommand("start", FAR),
    "DAVY_SERVER=davy.example:11900 DAVY_TOKEN=TOKEN DAVY_AGENT_TLS=true DAVY_SERVICE=my-service \\\n  java -javaagent:agent/davylamp-agent.jar -jar my-service.jar");
  equal(attachCommand("running", FAR), "bin/davy attach PID --service my-service --to davy.example:11900 --set tokenFile=TOKEN-FILE --set tls=true");
  equal(attachCommand("container", FAR).includes("-e DAVY_SERVER=davy.example:11900"), true);
  equal(attachCommand("kubernetes", FAR).includes("secretKeyRef: {name: davylamp, key: token}"), true);
});

test("a container never gets the loopback address, which would be its own", () => {
  equal([attachCommand("container", HERE), attachCommand("kubernetes", HERE)].some(text => text.includes("127.0.0.1")), false);
  equal(attachCommand("container", HERE).includes("DAVY_SERVER=HOST:11800"), true);
});

test("a port that is open to its own machine only is closed to containers, and to all that is elsewhere", () => {
  equal((["start", "running", "container", "kubernetes"] as const).map(way => isClosedTo(HERE, way)), [false, false, true, true]);
  equal((["start", "container"] as const).map(way => isClosedTo({ ...FAR, loopback: true }, way)), [true, true]);
  equal(isClosedTo({ ...HERE, loopback: undefined }, "container"), false);
  equal(isClosedTo(FAR, "kubernetes"), false);
});
