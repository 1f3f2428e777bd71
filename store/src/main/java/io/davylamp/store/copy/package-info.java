/** Copies everything from one pair of database and blobs to another: backup, restore, moving. */
package io.davylamp.store.copy;
