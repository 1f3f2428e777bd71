// Made by VocabularyTest from vocabulary.json in the module profile. Change that file, then run:
// mvn -pl profile -am test -Dtest=VocabularyTest -Dvocabulary.update -Dsurefire.failIfNoSpecifiedTests=false

/** What is asked of all views, but for filters. */
export const QUERY = ["measure", "detail", "by", "count", "raw-names", "bare-symbols"];

/** Which samples count. */
export const FILTERS = ["from", "to", "threads", "include", "exclude", "root", "leaf", "hide", "states", "min", "virtual", "span", "span-min", "label", "overhead"];

/** Filters that a person may set, with what they are called on the page. */
export const OFFERED: { word: string; label: string; hint: string }[] = [
  { word: "threads", label: "threads", hint: "http-*, main" },
  { word: "include", label: "with frame", hint: "com.shop.*" },
  { word: "exclude", label: "without frame", hint: "*.Unsafe.park" },
  { word: "root", label: "from frame down", hint: "com.shop.Checkout.pay" },
  { word: "leaf", label: "up to frame", hint: "java.util.HashMap.get" },
  { word: "hide", label: "hidden frames", hint: "java.lang.reflect.*" },
  { word: "states", label: "thread states", hint: "runnable" },
  { word: "min", label: "at least", hint: "10ms, 4096" },
  { word: "virtual", label: "virtual threads", hint: "true" },
  { word: "span", label: "in span", hint: "checkout" },
  { word: "span-min", label: "span at least", hint: "100ms" },
  { word: "label", label: "instance label", hint: "zone=a" },
];

/** Which recordings. */
export const SELECTORS = ["task", "file", "service", "instance", "since", "until"];

/** Forms of a tree for other programs. */
export const EXPORTS = ["json", "collapsed", "html", "speedscope", "pprof", "otlp", "firefox"];
