/** Davylamp's servers on PostgreSQL and S3 on one machine, with a balancer and faults; for tests, benchmarks and the demo. */
package io.davylamp.testbed;
