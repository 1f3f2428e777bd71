/** The stored form of a profile; docs/formats/profile-v1.md is its description. */
package io.davylamp.profile.codec;
