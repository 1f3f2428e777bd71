/** Settings from defaults, a YAML file, the environment and the command line. */
package io.davylamp.server.settings;
