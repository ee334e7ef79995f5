//! Kafka's stories of replication, told to the world as scripts. Each is played, what it comes to at each mark is held
//! against a text, and its telling facts are asserted. Numbers are those of the truth sheet's scenarios.

mod cluster;
mod durability;
mod epochs;
mod isr;
mod told;
