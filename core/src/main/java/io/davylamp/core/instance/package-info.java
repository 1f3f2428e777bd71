/** Services and their running JVMs. */
package io.davylamp.core.instance;
