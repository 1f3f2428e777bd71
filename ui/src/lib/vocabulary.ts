// Made by VocabularyTest from vocabulary.json in the module profile. Change that file, then run:
// mvn -pl profile -am test -Dtest=VocabularyTest -Dvocabulary.update -Dsurefire.failIfNoSpecifiedTests=false

/** What is asked of all views, but for filters. */
export const QUERY = ["measure", "detail", "by", "count", "raw-names", "bare-symbols"];

/** Which samples count. */
export const FILTERS = ["from", "to", "threads", "include", "exclude", "root", "leaf", "hide", "states", "min", "virtual", "span", "span-min", "label", "overhead", "idle"];

/** Filters that a person may set, with what they are called on the page. */
export const OFFERED: { word: string; label: string; hint: string }[] = [
  { word: "threads", label: "Threads", hint: "http-*, main" },
  { word: "include", label: "Include frame", hint: "com.shop.*" },
  { word: "exclude", label: "Exclude frame", hint: "*.Unsafe.park" },
  { word: "root", label: "Start at", hint: "com.shop.Checkout.pay" },
  { word: "leaf", label: "End at", hint: "java.util.HashMap.get" },
  { word: "hide", label: "Hide frames", hint: "java.lang.reflect.*" },
  { word: "states", label: "Thread states", hint: "runnable" },
  { word: "min", label: "Minimum value", hint: "10ms, 4096" },
  { word: "virtual", label: "Virtual threads", hint: "true" },
  { word: "span", label: "Inside span", hint: "checkout" },
  { word: "span-min", label: "Minimum span", hint: "100ms" },
  { word: "label", label: "Instance label", hint: "zone=a" },
];

/** Which recordings. */
export const SELECTORS = ["task", "file", "service", "instance", "since", "until"];

/** Forms of a tree for other programs. */
export const EXPORTS = ["json", "collapsed", "html", "speedscope", "pprof", "otlp", "firefox"];
