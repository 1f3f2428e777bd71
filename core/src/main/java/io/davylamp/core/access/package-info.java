/** Who asks, and what they may do: values that services decide by. */
package io.davylamp.core.access;
