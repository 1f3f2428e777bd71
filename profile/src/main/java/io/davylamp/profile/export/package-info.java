/** Profiles written for other programs and for people: collapsed stacks, JSON, a self-contained HTML page. */
package io.davylamp.profile.export;
