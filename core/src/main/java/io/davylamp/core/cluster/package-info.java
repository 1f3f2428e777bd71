/** What servers on one store know of each other. */
package io.davylamp.core.cluster;
