/** "Something changed": who waits hears of it after the commit. */
package io.davylamp.core.signal;
