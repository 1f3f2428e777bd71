/** Benchmarks of Davylamp and its peers, in the same run. */
package io.davylamp.benchmarks;
