/** Blobs as files. */
package io.davylamp.store.file;
