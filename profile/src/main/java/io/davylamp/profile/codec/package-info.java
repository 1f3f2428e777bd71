/** The stored form of a profile; docs/formats/profile-v3.md is its description. */
package io.davylamp.profile.codec;
