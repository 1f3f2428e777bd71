/** The contract of the database and of the storage for bytes. */
package io.davylamp.core.store;
