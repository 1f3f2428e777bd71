/** Files that people open to look at. */
package io.davylamp.core.file;
