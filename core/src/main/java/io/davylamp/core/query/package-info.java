/** Questions put to the profiles of tasks. */
package io.davylamp.core.query;
