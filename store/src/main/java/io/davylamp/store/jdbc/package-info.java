/** The store in a SQL database: SQLite in a file. */
package io.davylamp.store.jdbc;
