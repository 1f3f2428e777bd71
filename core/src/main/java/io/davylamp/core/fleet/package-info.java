/** The instances, and which of them are live. */
package io.davylamp.core.fleet;
