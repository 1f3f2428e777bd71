/** What the domain needs of a database and of a place for bytes. */
package io.davylamp.core.store;
