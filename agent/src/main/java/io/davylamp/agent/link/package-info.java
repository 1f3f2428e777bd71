/** Talks to the server: takes tasks, reports states, delivers recordings. */
package io.davylamp.agent.link;
