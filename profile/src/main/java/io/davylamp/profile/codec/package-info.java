/** The stored form of a profile; docs/formats/profile-v2.md is its description. */
package io.davylamp.profile.codec;
