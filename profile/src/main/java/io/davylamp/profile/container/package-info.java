/** Files inside gzip, zip, lz4 and zstd: told by their first bytes, unpacked within bounds. */
package io.davylamp.profile.container;
