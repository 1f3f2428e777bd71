/** Tasks, their assignments, and the state machine of both. */
package io.davylamp.core.task;
