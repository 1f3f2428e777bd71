/** How much one person may use, counted over all servers. */
package io.davylamp.core.quota;
