// Whose code a frame is: what a person looks for first. By its kind and its name alone, the same in every profile.

import { qualifierLength } from "./names";

export type Category = "application" | "framework" | "jdk" | "jvm" | "kernel" | "profiler";

/** With what each is called, the most interesting first. */
export const CATEGORIES: [Category, string][] = [
  ["application", "Application"],
  ["framework", "Framework"],
  ["jdk", "JDK"],
  ["jvm", "JVM, native"],
  ["kernel", "Kernel"],
  ["profiler", "Profiler"],
];

const JDK = ["java.", "javax.", "jdk.", "sun.", "com.sun."];
const PROFILER = ["io.davylamp.agent.", "one.profiler.", "one.jfr."];
/** Libraries that many services share; whoever works on one of them reads it as a framework, and says so with a filter. */
const FRAMEWORKS = [
  "akka.", "brave.", "ch.qos.logback.", "com.codahale.", "com.fasterxml.", "com.github.benmanes.", "com.google.", "com.linecorp.armeria.",
  "com.mongodb.", "com.mysql.", "com.netflix.", "com.sksamuel.", "com.zaxxer.", "freemarker.", "graphql.", "groovy.", "io.dropwizard.",
  "io.grpc.", "io.jaegertracing.", "io.lettuce.", "io.micrometer.", "io.micronaut.", "io.netty.", "io.opentelemetry.", "io.projectreactor.",
  "io.quarkus.", "io.reactivex.", "io.undertow.", "io.vertx.", "it.unimi.dsi.", "jakarta.", "kafka.", "kotlin.", "kotlinx.", "net.bytebuddy.",
  "okhttp3.", "okio.", "org.antlr.", "org.apache.", "org.aspectj.", "org.eclipse.", "org.elasticsearch.", "org.glassfish.", "org.h2.",
  "org.hibernate.", "org.jboss.", "org.jetbrains.", "org.jooq.", "org.junit.", "org.mariadb.", "org.mozilla.", "org.neo4j.", "org.postgresql.",
  "org.quartz.", "org.reactivestreams.", "org.slf4j.", "org.springframework.", "org.thymeleaf.", "org.xnio.", "org.yaml.", "play.", "reactor.",
  "redis.clients.", "retrofit2.", "rx.", "scala.", "zio.",
];

const begins = (name: string, prefixes: string[]) => prefixes.some(prefix => name.startsWith(prefix));

/** Null for what is no code: the root, threads, states. */
export function categoryOf(name: string, kind: string): Category | null {
  switch (kind) {
    case "group":
      return name === "profiler overhead" ? "profiler" : null;
    case "kernel":
      return "kernel";
    case "cpp":
      return "jvm";
    case "native":
      if (/(?:libasyncProfiler|async-profiler)/.test(name)) return "profiler";
      return qualifierLength(name, kind) > 0 && !/^[^ (/;]*\.so|^\[/.test(name) ? ofJava(name) : "jvm";
    default:
      return ofJava(name);
  }
}

function ofJava(name: string): Category {
  if (begins(name, JDK) || /^(?:byte|char|short|int|long|float|double|boolean)\[/.test(name)) return "jdk";
  if (begins(name, PROFILER)) return "profiler";
  return begins(name, FRAMEWORKS) ? "framework" : "application";
}
